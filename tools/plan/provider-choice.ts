/** Which provider manages a resource: the explicit one, the package's default, or none that is allowed. */
import { type PropertyMap, UNKNOWN_VALUE } from "../providers/property.ts";
import type { Provider, ProviderPackage } from "../providers/provider.ts";
import type { EngineOptions, Goal, Registration } from "./goal.ts";
import { packageOf, providerPackage, providerType, referenceUrn, urnType } from "./urn.ts";

export interface Wanted {
  readonly type: string;
  readonly what: string;
  readonly reference: string;
}

export class ProviderChoice {
  readonly #options: EngineOptions;
  readonly #register: (goal: Goal) => Promise<Registration>;
  readonly #configuredProviders = new Map<string, Provider>();
  readonly #defaults = new Map<string, Promise<string>>();

  constructor(options: EngineOptions, register: (goal: Goal) => Promise<Registration>) {
    this.#options = options;
    this.#register = register;
  }

  configure(urn: string, packageName: string, config: PropertyMap): void {
    this.#configuredProviders.set(urn, this.packageNamed(packageName).configure(config));
  }

  async provider(wanted: Wanted): Promise<Provider> {
    return this.configured(await this.reference(wanted));
  }

  /** The provider reference to use: the explicit one when it fits the type, else the package's default. */
  async reference(wanted: Wanted): Promise<string> {
    const packageName = packageOf(wanted.type);
    if (wanted.reference === "") {
      return this.#defaultProvider(packageName, wanted.what);
    }
    const actual = urnType(referenceUrn(wanted.reference));
    if (actual !== providerType(packageName)) {
      throw new Error(
        `${wanted.what} needs a provider of the package "${packageName}" and was given one of ` +
          `"${providerPackage(actual)}" (${referenceUrn(wanted.reference)})`,
      );
    }
    return wanted.reference;
  }

  #defaultProvider(packageName: string, what: string): Promise<string> {
    const disabled = this.#options.disabledDefaultProviders;
    if (disabled.includes("*") || disabled.includes(packageName)) {
      throw new Error(
        `${what} has no explicit "${packageName}" provider and default providers are disabled: ` +
          `pass opts.provider, or opts.providers on a parent component`,
      );
    }
    const known = this.#defaults.get(packageName);
    if (known !== undefined) {
      return known;
    }
    const version = this.packageNamed(packageName).version.replaceAll(".", "_");
    const prefix = `${packageName}:`;
    const config = Object.entries(this.#options.config).filter(([key]) => key.startsWith(prefix));
    const reference = this.#register({
      type: providerType(packageName),
      name: `default_${version}`,
      custom: true,
      parent: "",
      inputs: Object.fromEntries(config.map(([key, value]) => [key.slice(prefix.length), value])),
    }).then(({ urn, id }) => `${urn}::${id ?? UNKNOWN_VALUE}`);
    this.#defaults.set(packageName, reference);
    return reference;
  }

  configured(reference: string): Provider {
    const provider = this.#configuredProviders.get(referenceUrn(reference));
    if (provider === undefined) {
      throw new Error(`unknown provider "${reference}"`);
    }
    return provider;
  }

  packageNamed(name: string): ProviderPackage {
    const found = this.#options.packages.get(name);
    if (found === undefined) {
      const known = [...this.#options.packages.keys()].sort().join(", ");
      throw new Error(`there is no local provider for the package "${name}"; there are ${known}`);
    }
    return found;
  }
}
