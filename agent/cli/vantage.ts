import { readInvitation, type VantageSettings, writeInvitation } from "../model/index.ts";
import { addKey, readKeyFile } from "../net/outside/vantage-keys.ts";
import { startVantage } from "../net/outside/vantage-server.ts";
import { type Arguments, UsageError } from "./arguments.ts";

const COUNT_EVERY_MS = 60 * 60 * 1000;

/** Runs on a host outside and tells sites what of them it can reach, until `stop`; or adds a key and prints it. */
export async function vantage(options: Arguments, stop: AbortSignal): Promise<void> {
  const { keyFile } = options;
  if (keyFile === null) throw new UsageError("komainu vantage needs --key-file FILE.");
  if (options.newKey) {
    const place = placeOf(options.positionals[0] ?? "");
    const invitation = writeInvitation({ ...place, key: await addKey(keyFile) });
    process.stdout.write(`${invitation}\n`);
    return;
  }
  const [listen, ...more] = options.listen;
  if (listen === undefined || more.length > 0)
    throw new UsageError("komainu vantage --listen [ADDRESS:]PORT");
  const keys = await readKeyFile(keyFile, process.env.CREDENTIALS_DIRECTORY);
  if (!keys.ok) throw new UsageError(keys.detail ?? keys.reason);
  const server = await startVantage({ keys: keys.value, ...listen });
  process.stdout.write(`vantage: port ${server.port}, keys: ${keys.value.size}\n`);
  let told = "";
  const tell = () => {
    const { looks, refused, strangers } = server.counts();
    const line = `looks ${looks}, refused ${refused}, without a key ${strangers}\n`;
    if (line !== told) process.stdout.write(line);
    told = line;
  };
  const timer = setInterval(tell, COUNT_EVERY_MS);
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(timer);
  tell();
  await server.close();
}

/** Where the site will find this host; the invitation's own grammar decides. */
function placeOf(text: string): Pick<VantageSettings, "host" | "port"> {
  const place = readInvitation(`komainu-vantage:${text}:id:${"A".repeat(43)}`);
  if (place === null) {
    throw new UsageError(
      "Say how the site will find this host: komainu vantage --key-file FILE --new-key HOST:PORT",
    );
  }
  return place;
}
