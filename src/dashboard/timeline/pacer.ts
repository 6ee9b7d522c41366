/**
 * Shows one moment after the other, each when the one before is there: however quickly somebody drags, what is shown keeps up, and
 * the moment that was wanted last is shown at last.
 */
export class Pacer<T> {
  #wanted: { readonly moment: T } | undefined;
  #isOnItsWay = false;

  /** @param show asks for a moment; whether anything comes of it, so that `arrived` will be called */
  constructor(private readonly show: (moment: T) => boolean) {}

  /** Whether a moment is still to be shown. */
  get isBehind(): boolean {
    return this.#isOnItsWay || this.#wanted !== undefined;
  }

  want(moment: T): void {
    this.#wanted = { moment };
    this.#send();
  }

  /** What was asked for is there, or will not come. */
  arrived(): void {
    this.#isOnItsWay = false;
    this.#send();
  }

  #send(): void {
    if (this.#isOnItsWay || !this.#wanted) return;
    const { moment } = this.#wanted;
    this.#wanted = undefined;
    this.#isOnItsWay = this.show(moment);
  }
}
