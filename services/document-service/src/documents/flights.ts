/**
 * One load at a time for each key: whoever asks while a load is under way shares its result. A write ends the sharing
 * at once, so that a reader who comes after the write cannot be handed what was read before it.
 */
export class Flights<T> {
  readonly #underWay = new Map<string, Promise<T>>();

  async share(key: string, load: () => Promise<T>): Promise<T> {
    const shared = this.#underWay.get(key);
    if (shared) return shared;
    const flight = load().finally(() => {
      if (this.#underWay.get(key) === flight) this.#underWay.delete(key);
    });
    this.#underWay.set(key, flight);
    return flight;
  }

  end(key: string): void {
    this.#underWay.delete(key);
  }
}
