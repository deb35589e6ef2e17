// Carries connections across network namespaces: accepts on a Unix socket, connects to a TCP address of the LAN.
// Usage: relay.mjs SOCKET ADDRESS PORT
import { connect, createServer, type Socket } from "node:net";

const [path = "", host = "", port = ""] = process.argv.slice(2);

function join(from: Socket): void {
  const to = connect(Number(port), host);
  from.pipe(to).pipe(from);
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
  from.on("close", () => to.destroy());
  to.on("close", () => from.destroy());
}

createServer({ allowHalfOpen: true }, join).listen(path, () => process.stdout.write("ready\n"));
