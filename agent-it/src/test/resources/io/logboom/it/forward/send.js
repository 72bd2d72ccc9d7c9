// node send.js PORT MODE COUNT FIRST SHARED_KEY: sends COUNT events, and exits with 0 when each is acknowledged.
const { FluentClient } = require("@fluent-org/logger");
const [port, eventMode, count, first, sharedKey] = process.argv.slice(2);

const client = new FluentClient("app", {
  eventMode,
  ack: { ackTimeout: 20000 },
  socket: { host: "127.0.0.1", port: Number(port), timeout: 20000 },
  ...(sharedKey ? { security: { clientHostname: "client.test", sharedKey } } : {}),
});

(async () => {
  const sent = [];
  for (let i = 0; i < Number(count); i++) {
    const seq = Number(first) + i;
    sent.push(client.emit(eventMode, { seq, text: `größe "${seq}"\n`, nested: { list: [1, 2.5, null, true] } }));
    if (sent.length === 500) await Promise.all(sent.splice(0));
  }
  await Promise.all(sent);
  await client.shutdown();
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
