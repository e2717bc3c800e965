// Receives webhooks of Rollcall: WEBHOOK_SECRET=whsec_… node receiver.mjs [PORT]
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const MOST_BYTES = 1 << 20;

const webhook = new Webhook(process.env.WEBHOOK_SECRET ?? '');

/**
 * The newest change of each user that was worked at. A real service stores it with what it makes of
 * the change, in one transaction.
 */
const newest = new Map();

/** What is done for a change. Changes of one user come in order, so an old one was here before. */
function take(id, { type, data }) {
  if (type === 'webhook.test') {
    console.log('a test');
  } else if (data.seq <= (newest.get(data.id) ?? 0)) {
    console.log(`${id} again`);
  } else {
    console.log(`${id}: ${data.kind} user ${data.id}`);
    newest.set(data.id, data.seq);
  }
}

/** The whole body as it came, since that is what was signed; undefined where it is too long. */
async function read(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    if ((bytes += part.length) > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Any 2xx says that the change was taken; after anything else it comes again. */
async function answer(request) {
  if (request.method !== 'POST') return 405;
  const body = await read(request);
  if (!body) return 413;
  let message;
  try {
    message = webhook.verify(body, request.headers);
  } catch (fault) {
    console.log(`refused: ${fault.message}`);
    return 401;
  }
  try {
    take(request.headers['webhook-id'], message);
    return 204;
  } catch (fault) {
    console.error(fault);
    return 500;
  }
}

const server = createServer((request, response) =>
  answer(request).then(
    (status) => response.writeHead(status).end(),
    () => response.destroy(), // The request broke off.
  ));
server.listen(Number(process.argv[2] ?? 9000), '127.0.0.1', () =>
  console.log(`receiving at http://127.0.0.1:${server.address().port}`));
