/** The domain: its hosted zone, and whether the world is sent there. Certificates are proven through both. */
import type { StackContext } from "../context.ts";
import type { Fact } from "../fact.ts";
import { bareName, type HostedZone } from "../facts/hosted-zone.ts";
import { type Finding, findingsOf, isOwn, quoted } from "../finding.ts";
import { planned } from "../planned.ts";

const domain = findingsOf("domain");

export interface DelegatedZone {
  readonly zone: HostedZone;
  readonly servers: readonly string[];
}

export async function checkDomain(context: StackContext): Promise<readonly Finding[]> {
  const { config, facts, plan, before } = context;
  const makes = (of: typeof plan) => planned(of, "route53/zone:Zone").length > 0;
  const zone = await findZone(context);
  if (!zone.known) {
    return [domain.unknown(`zone ${config.domain}`, zone.why)];
  }
  if (zone.value === null) {
    return [missing(context, makes(plan) || before.some(makes))];
  }
  const found = zone.value;
  if (!found.zone.isPublic || !isWithin(config.domain, found.zone.name)) {
    return [wrongZone(context, found.zone)];
  }
  const second = makes(plan) ? await facts.account.zoneTags(found.zone.id) : undefined;
  const duplicate =
    second === undefined
      ? []
      : [judgeDuplicate(context, found.zone, second)].filter(({ level }) => level !== "ok");
  return [...duplicate, judgeDelegation(found, await nameServers(context, found.zone.name))];
}

async function findZone({ config, facts }: StackContext): Promise<Fact<DelegatedZone | null>> {
  if (config.hostedZoneId !== undefined) {
    return await facts.account.zone(config.hostedZoneId);
  }
  const named = await facts.account.zonesNamed(config.domain);
  if (!named.known) {
    return named;
  }
  const [first] = named.value;
  return first === undefined ? { known: true, value: null } : await facts.account.zone(first.id);
}

/** A run that makes the zone waits at its certificate until the registrar knows it; another run cannot even begin. */
function missing({ stack, config }: StackContext, comes: boolean): Finding {
  const about = `zone ${config.domain}`;
  if (config.hostedZoneId !== undefined) {
    return domain.stop({
      about,
      is: `there is no hosted zone ${config.hostedZoneId}`,
      needs: "the id of a public zone of the domain in platform:hostedZoneId",
      fix: [
        `aws route53 list-hosted-zones-by-name --dns-name ${config.domain} --query 'HostedZones[].[Id,Name]' --output text`,
      ],
    });
  }
  const create = `aws route53 create-hosted-zone --name ${config.domain} --caller-reference preflight --query '[HostedZone.Id,DelegationSet.NameServers]'`;
  return comes
    ? domain.note({
        about,
        is: "the zone does not exist yet; the global scope makes it, and then waits at its certificate until the world finds the zone",
        needs:
          "its name servers at the registrar while that up runs, or a zone made and delegated beforehand",
        fix: [create, `pulumi config set platform:hostedZoneId <id> --stack ${quoted(stack)}`],
      })
    : domain.stop({
        about,
        is: "the zone does not exist",
        needs: "the zone, which the global scope makes",
        fix: [`pulumi up --stack ${quoted(config.globalStack)}`],
      });
}

function wrongZone({ config }: StackContext, zone: HostedZone): Finding {
  return domain.stop({
    about: `zone ${zone.id}`,
    is: zone.isPublic ? `it is the zone of ${zone.name}` : "it is private",
    needs: `a public zone of ${config.domain} in platform:hostedZoneId`,
    fix: [
      `aws route53 list-hosted-zones-by-name --dns-name ${config.domain} --query 'HostedZones[].[Id,Name,Config.PrivateZone]' --output text`,
    ],
  });
}

/** A second zone of one name gets other name servers, which nobody asks. */
export function judgeDuplicate(
  { stack, config }: Pick<StackContext, "stack" | "config">,
  zone: HostedZone,
  tags: Fact<Readonly<Record<string, string>>>,
): Finding {
  const about = `zone ${config.domain}`;
  if (!tags.known) {
    return domain.unknown(about, tags.why);
  }
  return isOwn(stack, tags.value)
    ? domain.ok(about, `${zone.id} is this stack's own`)
    : domain.note({
        about,
        is: `the zone ${zone.id} exists, and the stack would make a second one of the same name`,
        needs: "platform:hostedZoneId, if the zone that exists is the one",
        fix: [`pulumi config set platform:hostedZoneId ${zone.id} --stack ${quoted(stack)}`],
      });
}

async function nameServers(context: StackContext, name: string): Promise<Fact<readonly string[]>> {
  try {
    return { known: true, value: (await context.resolveNs(name)).map(bareName) };
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, "code") ?? error.name) : "";
    return ["ENODATA", "ENOTFOUND"].includes(code)
      ? { known: true, value: [] }
      : { known: false, why: `not known: DNS did not answer (${code}); run it again` };
  }
}

export function judgeDelegation(
  { zone, servers }: DelegatedZone,
  answered: Fact<readonly string[]>,
): Finding {
  const about = `delegation of ${zone.name}`;
  if (!answered.known) {
    return domain.unknown(about, answered.why);
  }
  const strange = answered.value.filter((server) => !servers.includes(server));
  if (answered.value.length > 0 && strange.length === 0) {
    return domain.ok(about, `the world asks zone ${zone.id}`);
  }
  return domain.stop({
    about,
    is:
      answered.value.length === 0
        ? "no name server answers for it"
        : `the world asks ${[...answered.value].sort().join(", ")}`,
    needs: `${[...servers].sort().join(", ")} at the registrar or in the parent zone; certificates wait for it`,
    fix: [`aws route53 get-hosted-zone --id ${zone.id} --query DelegationSet.NameServers --output text`],
  });
}

function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
