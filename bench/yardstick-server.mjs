// Answers every request with 4 KB, and GET /cpu with the microseconds of CPU that it took so far.
import { createServer } from 'node:http';

const body = Buffer.alloc(4096, 'x');
createServer((request, response) => {
  if (request.url === '/cpu') {
    const { user, system } = process.cpuUsage();
    response.end(String(user + system));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}).listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
