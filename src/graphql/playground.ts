import type { Request, Response } from 'express';
import { BuiltPage } from '../web/built-page.js';

const page = new BuiltPage('playground', { inlineStyles: true });

/** Answers requests for the playground's page and its parts; false for all others, which are for the API. */
export function servePlayground(request: Request, response: Response): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (request.path === '/') {
    // Programs that accept anything get the API; browsers name HTML first.
    const wanted = request.accepts(['application/json', 'application/graphql-response+json', 'text/html']);
    if (wanted !== 'text/html') return false;
    page.sendPage(response);
  } else {
    page.sendPart(request, response);
  }
  return true;
}
