import type { WebhookClient } from './configuration.js';

const HTTPS = 443;

/** Where a webhook is called, as messages show it. */
export interface ShownWebhook {
  readonly url: string;
  readonly path: string;
  readonly serverName: string;
  readonly port: number;
}

/** A webhook as messages show it. */
export function shownWebhook({ url, service = {} }: WebhookClient): ShownWebhook {
  if (url !== undefined) {
    const { hostname, pathname, port } = new URL(url);
    const path = pathname === '/' && !url.endsWith('/') ? '' : pathname;
    const shown = url.slice(0, url.length - (url.endsWith(pathname) ? pathname.length : 0)) + path;
    return { url: shown, path: pathname, serverName: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || HTTPS };
  }
  const { name = '', namespace = '', port = HTTPS, path: given = '' } = service;
  const path = given.startsWith('/') ? given : `/${given}`;
  const serverName = `${name}.${namespace}.svc`;
  return { url: `https://${serverName}:${port}${given && path}`, path, serverName, port };
}
