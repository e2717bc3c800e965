// Rollcall's users over the bridge, by Vert.x' own client: node rollcall.mjs [http://HOST:PORT]
import EventBus from '@vertx/eventbus-bridge-client.js';
import { Follower } from './follower.mjs';

const url = new URL('/eventbus', process.argv[2] ?? 'http://127.0.0.1:8080').href;

function connect() {
  return new Promise((resolve, reject) => {
    const bus = new EventBus(url);
    // Who asks, where Rollcall wants to know: a key or a token.
    const token = process.env.ROLLCALL_TOKEN;
    if (token) bus.defaultHeaders = { authorization: `Bearer ${token}` };
    bus.onopen = () => resolve(bus);
    bus.onclose = () => reject(new Error(`no bridge at ${url}`));
  });
}

/** Sends a message and waits for its reply: {body, headers}, or an error with failureCode. */
function request(bus, address, body, headers = {}) {
  return new Promise((resolve, reject) => {
    bus.send(address, body, headers, (failure, reply) =>
      failure ? reject(Object.assign(new Error(failure.message), failure)) : resolve(reply));
  });
}

function closed(bus) {
  return new Promise((resolve) => {
    bus.onclose = resolve;
    bus.close();
  });
}

/** Resolves at a change that a follower sees. */
function seen(follower, kind, id) {
  return new Promise((resolve) =>
    follower.on('change', (change) => change.kind === kind && change.id === id && resolve()));
}

async function createAndRead(bus) {
  const { body: alice } = await request(bus, 'rollcall.users.create', { name: 'Alice' });
  console.log(`created Alice as user ${alice.id}`);
  const { body: user, headers } = await request(bus, 'rollcall.users.get', { id: alice.id });
  console.log(`read ${user.name}, etag ${headers.etag}`);
  try {
    await request(bus, 'rollcall.users.get', { id: Number.MAX_SAFE_INTEGER });
  } catch (failure) {
    console.log(`failed as expected: ${failure.failureCode} ${failure.message}`);
  }
  return alice;
}

/** Owns the address of a source, and asks for the view that needs it. */
async function serveSource(bus, id) {
  bus.registerHandler('loyalty.by-user', (failure, question) => {
    if (failure) throw new Error(failure.message);
    question.reply({ points: question.body.id * 10 });
  });
  const { body: view } = await request(bus, 'rollcall.views.fetch', { id, view: 'loyalty' });
  const { status, value } = view.sources.loyalty;
  console.log(`view loyalty: ${status} ${JSON.stringify(value)}`);
}

let bus = await connect();
const alice = await createAndRead(bus);
await serveSource(bus, alice.id);

const follower = new Follower((address, body) => request(bus, address, body));
await follower.follow(bus);
console.log(`following the changes after ${follower.seen}`);
follower.on('change', ({ seq, kind, id }) => console.log(`change ${seq}: ${kind} user ${id}`));
const renamed = seen(follower, 'updated', alice.id);
await request(bus, 'rollcall.users.patch', { id: alice.id, patch: { name: 'Alice B.' } });
await renamed;

follower.stop();
await closed(bus);
console.log('away');
const other = await connect();
await request(other, 'rollcall.users.create', { name: 'Bob' });
await request(other, 'rollcall.users.delete', { id: alice.id });
await closed(other);
console.log('meanwhile Bob came and Alice left');

bus = await connect();
console.log(`back, catching up from ${follower.seen}`);
await follower.follow(bus);
console.log('caught up');
follower.stop();
await closed(bus);
