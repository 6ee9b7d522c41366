import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Request, Response } from 'express';

/** Where Vite puts the built page; right from `src/graphql/` and from `dist/graphql/` alike. */
const FOLDER = fileURLToPath(new URL('../../dist/playground/', import.meta.url));

/** The page may load and talk to nothing but the server it came from. Fonts are in the style sheet; editors set styles. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers requests for the playground's page and its parts; false for all others, which are for the API. */
export function servePlayground(request: Request, response: Response): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (request.path === '/') {
    // Programs that accept anything get the API; browsers name HTML first.
    const wanted = request.accepts(['application/json', 'application/graphql-response+json', 'text/html']);
    if (wanted !== 'text/html') return false;
    sendPage(response);
  } else {
    // Names of parts carry a hash of their content, so that they never change; the icon's does not.
    sendFile(response, request.path.slice(1), request.path.startsWith('/assets/') ? '1y' : '1h');
  }
  return true;
}

function sendPage(response: Response): void {
  response.setHeader('Vary', 'Accept');
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  response.setHeader('Referrer-Policy', 'no-referrer');
  if (!existsSync(`${FOLDER}index.html`)) {
    response.status(503).type('text/plain').send('The playground has not been built: npm run build\n');
    return;
  }
  sendFile(response, 'index.html', 0);
}

function sendFile(response: Response, path: string, maxAge: string | number): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.sendFile(path, { root: FOLDER, maxAge, immutable: maxAge === '1y' }, error => {
    if (error && !response.headersSent) response.status(404).type('text/plain').send('not found\n');
  });
}
