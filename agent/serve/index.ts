import { chmod, rm } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import type { Context } from "./context.ts";
import type { Listen, ServeOptions } from "./contract.ts";
import { EventHub } from "./events.ts";
import { Sessions } from "./session.ts";
import { Tries } from "./tries.ts";
import { sceneOf } from "./view/scene.ts";

export type {
  Commands,
  ConsentInput,
  Listen,
  OutsideInput,
  OutsideState,
  RecheckResult,
  ServeOptions,
  Site,
  SiteState,
} from "./contract.ts";
export { openApiDocument } from "./openapi.ts";

export interface Server {
  /** `http://192.168.1.5:8080/`; a Unix socket as its path. */
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves the page and the API on every `lan` address, and both again on the control socket for the command line.
 * Errors: rejects when an address is taken; nothing is left listening then.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const context = contextOf(options);
  const apps: FastifyInstance[] = [];
  const close = async () => {
    context.events.close();
    await Promise.all(apps.map((app) => app.close()));
  };
  try {
    const addresses: string[] = [];
    for (const at of options.lan) {
      const app = buildApp(context, "lan");
      apps.push(app);
      addresses.push(await listen(app, at));
    }
    if (options.controlSocket !== undefined) {
      const app = buildApp(context, "control");
      apps.push(app);
      await listen(app, { path: options.controlSocket });
    }
    return { addresses, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export function contextOf(options: ServeOptions): Context {
  const now = options.now ?? (() => new Date());
  return {
    options,
    now,
    sessions: new Sessions(options.sessionSecret, options.access.round),
    tries: new Tries(),
    events: new EventHub(options.progress.subscribe.bind(options.progress), () => {
      const { state, detail } = sceneOf(options, now(), "en", "site");
      return { done: state.scanning?.done ?? 0, total: state.scanning?.total ?? 0, sealed: detail !== "all" };
    }),
    log: options.log ?? ((line) => process.stderr.write(`${line}\n`)),
  };
}

async function listen(app: FastifyInstance, at: Listen): Promise<string> {
  if (!("path" in at)) return withSlash(await app.listen(at));
  // A socket file that a crash left behind would refuse us; the store's lock says that no other daemon runs.
  await rm(at.path, { force: true });
  const before = process.umask(0o177);
  try {
    await app.listen({ path: at.path });
  } finally {
    process.umask(before);
  }
  await chmod(at.path, 0o600);
  return at.path;
}

function withSlash(address: string): string {
  return address.endsWith("/") ? address : `${address}/`;
}
