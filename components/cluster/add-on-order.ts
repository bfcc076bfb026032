/** In which order add-ons are installed, and removed in reverse. */

export interface OrderedAddOn {
  readonly name: string;
  readonly chart: string;
  readonly repository?: string;
  readonly version: string;
  readonly wave: number;
  readonly dependsOn?: readonly string[];
}

/** Every reason why one of these cannot be installed, whatever the others are. */
export function addOnProblems(addOns: readonly OrderedAddOn[]): string[] {
  return addOns.flatMap((addOn) => {
    const problems: string[] = [];
    if (!/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(addOn.name))
      problems.push(
        `add-on name "${addOn.name}" is no release name: use up to 53 lower-case letters, digits and dashes`,
      );
    if (!/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(addOn.version))
      problems.push(
        `add-on "${addOn.name}" version "${addOn.version}" is no exact version: pin one, as "1.2.3"`,
      );
    const isOci = addOn.chart.startsWith("oci://");
    if (isOci && addOn.repository !== undefined)
      problems.push(`add-on "${addOn.name}" has an oci:// chart and a repository: leave the repository out`);
    if (!isOci && !addOn.repository?.startsWith("https://"))
      problems.push(
        `add-on "${addOn.name}" has no repository: give its https:// address, or an oci:// chart`,
      );
    return problems;
  });
}

/** Every reason why the add-ons do not make an order. */
export function orderProblems(addOns: readonly OrderedAddOn[]): string[] {
  const byName = new Map(addOns.map((addOn) => [addOn.name, addOn]));
  const problems: string[] = [];
  const names = addOns.map((addOn) => addOn.name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    problems.push(`add-on "${name}" is given twice: names are unique in a cluster`);
  for (const addOn of addOns)
    for (const other of addOn.dependsOn ?? []) {
      const target = byName.get(other);
      if (target === undefined)
        problems.push(
          `add-on "${addOn.name}" depends on the unknown add-on "${other}": known are ${names.join(", ")}`,
        );
      else if (target.wave > addOn.wave)
        problems.push(
          `add-on "${addOn.name}" of wave ${addOn.wave} depends on "${other}" of wave ${target.wave}: move one of them`,
        );
    }
  const order = installOrder(addOns);
  if (order.length < addOns.length) {
    const stuck = addOns.filter((addOn) => !order.includes(addOn)).map((addOn) => `"${addOn.name}"`);
    if (problems.length === 0)
      problems.push(`add-ons ${stuck.join(", ")} depend on each other: break the circle`);
  }
  return problems;
}

/** Add-ons so that each comes after what it depends on; those in a circle, or after it, are left out. */
export function installOrder<T extends OrderedAddOn>(addOns: readonly T[]): T[] {
  const order: T[] = [];
  const placed = new Set<string>();
  let waiting = [...addOns].sort((a, b) => a.wave - b.wave);
  for (;;) {
    const ready = waiting.filter((addOn) => (addOn.dependsOn ?? []).every((other) => placed.has(other)));
    if (ready.length === 0) return order.sort((a, b) => a.wave - b.wave);
    for (const addOn of ready) {
      order.push(addOn);
      placed.add(addOn.name);
    }
    waiting = waiting.filter((addOn) => !ready.includes(addOn));
  }
}

/** Names of what an add-on waits for: its own dependencies, and all of the last wave before its own that has any. */
export function waitsFor(addOn: OrderedAddOn, addOns: readonly OrderedAddOn[]): string[] {
  const earlier = addOns.filter((other) => other.wave < addOn.wave);
  const last = Math.max(...earlier.map((other) => other.wave));
  const wave = earlier.filter((other) => other.wave === last).map((other) => other.name);
  return [...new Set([...wave, ...(addOn.dependsOn ?? [])])];
}
