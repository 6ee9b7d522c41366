/** The object identifier of an organization in a name (2.5.4.10), as DER. */
const ORGANIZATION = Buffer.from([0x55, 0x04, 0x0a]);
const PEM = /-----BEGIN CERTIFICATE REQUEST-----([^-]+)-----END CERTIFICATE REQUEST-----/;

/**
 * The organizations in the subject of a PKCS #10 request, which is what Kubernetes takes for groups. No more of it is read, so
 * that no library need be loaded for it.
 * @param pem what is no request has none
 */
export function organizationsOf(pem: string): string[] {
  const der = Buffer.from(PEM.exec(pem)?.[1] ?? '', 'base64');
  // CertificationRequest { CertificationRequestInfo { version, subject, … }, … }, where a subject is a list of sets of pairs.
  const [request] = elements(der);
  const [info] = elements(request);
  const [, subject] = elements(info);
  return elements(subject).flatMap(set =>
    elements(set).flatMap(pair => {
      const [type, value] = elements(pair);
      return value && type?.equals(ORGANIZATION) ? [value.toString()] : [];
    }),
  );
}

/** What stands in each of the elements that `der` is made of; nothing after what cannot be read. */
function elements(der: Buffer | undefined): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (der && at + 2 <= der.length) {
    let length = der[at + 1]!;
    let start = at + 2;
    if (length > 0x80) {
      const bytes = length - 0x80;
      if (bytes > 4 || start + bytes > der.length) break;
      length = der.readUIntBE(start, bytes);
      start += bytes;
    }
    if (start + length > der.length) break;
    found.push(der.subarray(start, start + length));
    at = start + length;
  }
  return found;
}
