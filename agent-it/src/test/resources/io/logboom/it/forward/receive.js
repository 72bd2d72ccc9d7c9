// node receive.js PORT COUNT SHARED_KEY: takes events and prints each as a line of JSON; ends after COUNT.
const { FluentServer } = require("@fluent-org/logger");
const [port, count, sharedKey] = process.argv.slice(2);

const server = new FluentServer({
  listenOptions: { port: Number(port), host: "127.0.0.1" },
  keepalive: true,
  ...(sharedKey
    ? { security: { serverHostname: "server.test", sharedKey, authorize: false, userDict: {} } }
    : {}),
});
let seen = 0;
server.on("entry", (tag, time, record) => {
  process.stdout.write(JSON.stringify({ tag, ms: time.getTime ? time.getTime() : time, record }) + "\n");
  seen++;
});
server.listen();
// The last acknowledgement goes before the end.
setInterval(() => {
  if (seen >= Number(count)) setTimeout(() => process.exit(0), 500);
}, 100);
