// Answers every request with the bytes that were found at a URL: what node:http can do at best.
import { createServer } from 'node:http';

const [port, url] = process.argv.slice(2);
const body = Buffer.from(await (await fetch(url)).arrayBuffer());
createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
