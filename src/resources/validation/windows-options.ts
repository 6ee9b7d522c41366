import { type FieldError, invalid } from '../field-error.js';
import type { WindowsOptions } from '../types.js';
import { addProblems } from './messages.js';
import { checkSubdomain } from './names.js';

const MAX_CREDENTIAL_KIB = 64;
const MAX_DOMAIN = 256;
const MAX_USER = 104;
const CONTROL = /\p{Cc}/u;
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS = /^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const DOTS_AND_SPACES = /^[. ]+$/;
const NOT_IN_USERS = /["/\\:;|=,+*?<>@[\]]/;

/** As whom processes run on Windows. */
export function validateWindowsOptions(errors: FieldError[], path: string, options: WindowsOptions): void {
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  if (specName !== undefined) addProblems(errors, `${path}.gmsaCredentialSpecName`, specName, checkSubdomain(specName));
  if (spec === '')
    errors.push(invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'));
  else if (spec !== undefined && Buffer.byteLength(spec) > MAX_CREDENTIAL_KIB * 1024) {
    const why = `gmsaCredentialSpec size must be under ${MAX_CREDENTIAL_KIB} KiB`;
    errors.push(invalid(`${path}.gmsaCredentialSpec`, spec, why));
  }
  if (user !== undefined) addProblems(errors, `${path}.runAsUserName`, user, userProblems(user));
}

/** `user` or `domain\user`. */
function userProblems(text: string): string[] {
  if (text === '') return ['runAsUserName cannot be an empty string'];
  if (CONTROL.test(text)) return ['runAsUserName cannot contain control characters'];
  const parts = text.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0]! : undefined;
  const problems: string[] = [];
  if (domain !== undefined && Buffer.byteLength(domain) >= MAX_DOMAIN) {
    problems.push(`runAsUserName's Domain length must be under ${MAX_DOMAIN} characters`);
  }
  if (domain !== undefined && !NETBIOS.test(domain) && !DNS.test(domain)) {
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (Buffer.byteLength(user) > MAX_USER) {
    problems.push(`runAsUserName's User length must not be longer than ${MAX_USER} characters`);
  }
  if (DOTS_AND_SPACES.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (NOT_IN_USERS.test(user)) {
    problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  }
  return problems;
}
