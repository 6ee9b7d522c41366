/** Something was looked for, and was not so: the message says what, and what was nearly right. */
export class Unmet extends Error {
  constructor(
    message: string,
    /** The rules that never fired. */
    readonly names: readonly string[] = [],
  ) {
    super(message);
    this.name = 'Unmet';
  }
}
