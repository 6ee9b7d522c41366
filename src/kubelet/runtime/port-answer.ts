import { Duplex } from 'node:stream';
import type { Pod } from '../../resources/types.js';

const METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+ HTTP\/1\.[01]\r\n/;
/** The most of a first line, or of a head, that is waited for. */
const MAX_HEAD = 16 * 1024;

/**
 * What listens on every port of a simulated pod: it answers a request of HTTP with who it is, and says everything else back, as an
 * echo server does.
 */
export function portAnswer(pod: Pod, port: number): Duplex {
  let head = Buffer.alloc(0);
  let isEcho = false;
  let isAnswered = false;
  const reply = (text: Buffer | string) => {
    if (!answer.push(text)) isFull = true;
  };
  let isFull = false;
  let resume: (() => void) | undefined;
  const answer: Duplex = new Duplex({
    allowHalfOpen: true,
    read() {
      isFull = false;
      resume?.();
      resume = undefined;
    },
    write(bytes: Buffer, _, done) {
      // The body of a request says nothing to it.
      if (isEcho) reply(bytes);
      else if (!isAnswered) {
        head = Buffer.concat([head, bytes]);
        const text = head.toString('latin1');
        if (couldBeHttp(text) && head.length <= MAX_HEAD) {
          if (METHOD.test(text) && text.includes('\r\n\r\n')) {
            isAnswered = true;
            reply(httpAnswer(pod, port, text));
            answer.push(null);
          }
        } else {
          isEcho = true;
          reply(head);
        }
      }
      if (isFull) resume = done;
      else done();
    },
    final(done) {
      if (!isEcho && head.length > 0 && !answer.readableEnded) reply(METHOD.test(head.toString('latin1')) ? '' : head);
      answer.push(null);
      done();
    },
  });
  return answer;
}

/** Whether these bytes are, or may become, the first line of a request. */
function couldBeHttp(text: string): boolean {
  const line = text.split('\r\n', 1)[0]!;
  return text.includes('\r\n') ? METHOD.test(`${line}\r\n`) : /^[A-Z]{1,7}( \S*( H?[\w/.]*)?)?\r?$/.test(text);
}

function httpAnswer({ metadata, spec, status }: Pod, port: number, head: string): string {
  const facts = {
    pod: metadata.name,
    namespace: metadata.namespace,
    node: spec.nodeName,
    podIP: status.podIP,
    port,
    path: head.split(' ', 2)[1],
  };
  const body = `${JSON.stringify(facts)}\n`;
  const lines = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${head.startsWith('HEAD ') ? '' : body}`;
}
