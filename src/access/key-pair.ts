/** A certificate authority, or any other key with its certificate, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  /** PKCS #8. */
  readonly key: string;
}
