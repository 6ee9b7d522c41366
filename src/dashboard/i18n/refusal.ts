import type { GraphError } from '../graph/client.js';
import { t } from './index.js';

/** What the server said no to: where it is about the page's own questions in the language that is chosen, else in the server's words. */
export function refusalText({ code, message }: GraphError): string {
  if (code === 'UNREACHABLE') return t('detail.unreachable');
  if (code === 'NOT_FOUND') return t('detail.gone');
  if (code === 'Expired') return t('refusal.expired');
  const [, revision] = /^revision (\d+) is still to come$/.exec(message) ?? [];
  return revision ? t('refusal.toCome', { revision }) : message;
}
