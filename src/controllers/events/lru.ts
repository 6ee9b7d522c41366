/** A map of limited size that forgets what was not used for longest. */
export class LruMap<K, V> {
  readonly #map = new Map<K, V>();

  constructor(readonly capacity: number) {}

  /** The value under `key`, which counts as used now; made by `make` if there is none. */
  getOrMake(key: K, make: () => V): V {
    const known = this.#map.get(key);
    const value = known ?? make();
    if (known !== undefined) this.#map.delete(key);
    else if (this.#map.size >= this.capacity) this.#map.delete(this.#map.keys().next().value!);
    this.#map.set(key, value);
    return value;
  }
}
