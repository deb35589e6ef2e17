import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { World } from "./world.ts";

const KINDS = ["user", "pid", "net", "mnt"] as const;

/** The namespaces of a world, as the kernel numbers them: `pid:[4026532202]`. */
export interface Traces {
  readonly namespaces: readonly string[];
  readonly processes: number;
}

function namespacesOf(pid: string): string[] {
  return KINDS.flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      return [];
    }
  });
}

function everyProcess(): readonly { readonly pid: string; readonly namespaces: readonly string[] }[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({ pid, namespaces: namespacesOf(pid) }));
}

/** Everything that lives in the world now: processes by its user namespace, and all namespaces that they hold. */
export function tracesOf(world: World): Traces {
  const user = readlinkSync(`/proc/${world.pid}/ns/user`);
  const own = new Set(namespacesOf("self"));
  const inside = everyProcess().filter(({ namespaces }) => namespaces.includes(user));
  const namespaces = new Set(inside.flatMap((each) => each.namespaces));
  return { namespaces: [...namespaces].filter((each) => !own.has(each)), processes: inside.length };
}

/** The namespaces of all that the process `pid` started, and that are not ours. */
export function tracesBelow(pid: number): Traces {
  const own = new Set(namespacesOf("self"));
  const inside = everyProcess().filter((each) => ancestorsOf(each.pid).includes(String(pid)));
  const namespaces = new Set(inside.flatMap((each) => each.namespaces));
  return { namespaces: [...namespaces].filter((each) => !own.has(each)), processes: inside.length };
}

/** proc(5): the fourth field of /proc/PID/stat is the parent, after the command name in brackets. */
function ancestorsOf(pid: string): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? "0";
    return parent === "0" ? [] : [parent, ...ancestorsOf(parent)];
  } catch {
    return [];
  }
}

/** Pids that still are in one of these namespaces. */
export function leftOf({ namespaces }: Traces): readonly string[] {
  const wanted = new Set(namespaces);
  return everyProcess()
    .filter((each) => each.namespaces.some((namespace) => wanted.has(namespace)))
    .map(({ pid }) => pid);
}
