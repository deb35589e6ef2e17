import { execFileSync } from "node:child_process";

export type Availability = { readonly ok: true } | { readonly ok: false; readonly mend: string };

const TOOLS = [
  { program: "unshare", package: "util-linux" },
  { program: "nsenter", package: "util-linux" },
  { program: "setpriv", package: "util-linux" },
  { program: "ip", package: "iproute2" },
  { program: "nft", package: "nftables" },
];

/** `ip` and `nft` live in /usr/sbin, which an ordinary user's PATH lacks. */
export const TOOL_PATH = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;

export function findProgram(name: string): string | null {
  try {
    const found = execFileSync("/bin/sh", ["-c", 'command -v "$1"', "sh", name], {
      env: { PATH: TOOL_PATH },
      encoding: "utf8",
    });
    return found.trim() || null;
  } catch {
    return null;
  }
}

/** The browser to look with: that of `CHROMIUM`, else Debian's. */
export function findChromium(): string | null {
  return findProgram(process.env.CHROMIUM ?? "chromium");
}

/** Whether there is a browser; otherwise one line with the command that mends it. */
export function browserAvailable(): Availability {
  if (findChromium() !== null) return { ok: true };
  return { ok: false, mend: "This needs Chromium: sudo apt-get install chromium fonts-noto-cjk" };
}

/** Whether the virtual LAN can run here; otherwise one line with the command that mends it. */
export function lanAvailable(): Availability {
  const missing = TOOLS.filter((tool) => findProgram(tool.program) === null);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((tool) => tool.package))].join(" ");
    const names = missing.map((tool) => tool.program).join(", ");
    return { ok: false, mend: `The virtual LAN needs ${names}: sudo apt-get install ${packages}` };
  }
  return tryNamespaces();
}

function tryNamespaces(): Availability {
  const flags = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc"];
  try {
    execFileSync("unshare", [...flags, "ip", "link", "add", "br0", "type", "bridge"], {
      env: { PATH: TOOL_PATH },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 10_000,
    });
    return { ok: true };
  } catch (cause) {
    return { ok: false, mend: `${reasonOf(cause)} ${mendingOf(reasonOf(cause))}` };
  }
}

function reasonOf(cause: unknown): string {
  const stderr = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
  return `The virtual LAN needs unprivileged user namespaces (${stderr.split("\n")[0] || String(cause)}):`;
}

function mendingOf(reason: string): string {
  return /unshare failed|uid_map|Operation not permitted|Permission denied/.test(reason)
    ? "sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0 user.max_user_namespaces=10000"
    : "sudo modprobe -a bridge veth";
}
