/**
 * The frameworks that rules refer to. The control map of the documents is made from these references; no rule
 * certifies anything by itself.
 */
export const frameworks = {
  "SOC 2": { version: "2017 (points of focus 2022)", specification: "Trust Services Criteria" },
  "ISO 27001": { version: "2022", specification: "Annex A" },
  "PCI DSS": { version: "4.0.1", specification: "Requirements and Testing Procedures" },
  GDPR: { version: "2016/679", specification: "Articles" },
} as const;

export type Framework = keyof typeof frameworks;

/** For example `{ framework: "SOC 2", id: "CC6.1" }`. */
export interface Control {
  readonly framework: Framework;
  readonly id: string;
}

/** Short forms, so that a rule's references fit a line: `soc2("CC6.1", "CC6.7")`. */
const of =
  (framework: Framework) =>
  (...ids: readonly string[]): Control[] =>
    ids.map((id) => ({ framework, id }));
export const soc2 = of("SOC 2");
export const iso27001 = of("ISO 27001");
export const pciDss = of("PCI DSS");
export const gdpr = of("GDPR");
