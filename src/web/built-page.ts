import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Request, Response } from 'express';

/** Where Vite puts the built pages; right from `src/web/` and from `dist/web/` alike. */
const DIST = new URL('../../dist/', import.meta.url);

/** What a page may load and talk to: nothing but the server it came from. */
const policy = (styles: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** How a page differs from the others. */
export interface BuiltPageOptions {
  /** Whether scripts may put style sheets into the page, as code editors do. */
  readonly inlineStyles?: boolean;
}

/** A page that Vite has built into `dist/<name>`, with its parts, as it is sent to browsers. */
export class BuiltPage {
  readonly #name: string;
  readonly #folder: string;
  readonly #policy: string;

  constructor(name: string, { inlineStyles = false }: BuiltPageOptions = {}) {
    this.#name = name;
    this.#folder = fileURLToPath(new URL(`${name}/`, DIST));
    this.#policy = policy(inlineStyles ? "'self' 'unsafe-inline'" : "'self'");
  }

  /** Sends the page itself; 503 where it was not built. */
  sendPage(response: Response): void {
    response.setHeader('Vary', 'Accept');
    response.setHeader('Content-Security-Policy', this.#policy);
    response.setHeader('Referrer-Policy', 'no-referrer');
    if (!existsSync(`${this.#folder}index.html`)) {
      response.status(503).type('text/plain').send(`The ${this.#name} has not been built: npm run build\n`);
      return;
    }
    this.#sendFile(response, 'index.html', 0, () => notFound(response));
  }

  /**
   * Sends a part of the page.
   * @param missing is called when there is none of this name
   */
  sendPart(request: Request, response: Response, missing = () => notFound(response)): void {
    // Names of parts carry a hash of their content, so that they never change; the icon's does not.
    this.#sendFile(response, request.path.slice(1), request.path.startsWith('/assets/') ? '1y' : '1h', missing);
  }

  #sendFile(response: Response, path: string, maxAge: string | number, missing: () => void): void {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.sendFile(path, { root: this.#folder, maxAge, immutable: maxAge === '1y' }, error => {
      if (error && !response.headersSent) missing();
    });
  }
}

function notFound(response: Response): void {
  response.status(404).type('text/plain').send('not found\n');
}
