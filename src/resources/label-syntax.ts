/** What labels and annotations may look like, and how the API server words what is wrong with one. */

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const tooLong = (limit: number) => `must be no more than ${limit} characters`;

/** What is wrong with `text` as a DNS subdomain (`example.com`, most objects' names); empty if nothing is. */
export function subdomainProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 253) problems.push(tooLong(253));
  if (!SUBDOMAIN.test(text)) problems.push(SUBDOMAIN_RULE);
  return problems;
}

/** What is wrong with `text` as the key of a label, a taint or an annotation (`app`, `example.com/app`); empty if nothing is. */
export function qualifiedNameProblems(text: string): string[] {
  const parts = text.split('/');
  if (parts.length > 2)
    return [`a qualified name ${NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const problems: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') problems.push('prefix part must be non-empty');
    else problems.push(...subdomainProblems(parts[0]!).map(problem => `prefix part ${problem}`));
  }
  const name = parts.at(-1)!;
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!NAME.test(name)) problems.push(`name part ${NAME_RULE}`);
  return problems;
}

/** What is wrong with `text` as the value of a label; empty if nothing is. */
export function labelValueProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 63) problems.push(tooLong(63));
  if (text !== '' && !NAME.test(text)) problems.push(VALUE_RULE);
  return problems;
}
