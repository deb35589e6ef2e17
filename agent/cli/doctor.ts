import { access, constants, mkdir } from "node:fs/promises";
import { fillText, type Language, type LocalizedText, type TextValues } from "../model/index.ts";
import { readGuardTable } from "../net/gateway/guard-table.ts";
import { routerSeat } from "../net/gateway/router.ts";
import { chosenInterfaces, gatewayAddresses, interfacesHere } from "../net/interfaces.ts";
import { listenError, networkAbilities } from "../net/self-check.ts";

/** `yes` it can, `partly` with a loss that the line names, `no` it cannot. */
export interface DoctorLine {
  readonly id: string;
  readonly state: "yes" | "partly" | "no";
  readonly text: LocalizedText;
  readonly values: TextValues;
}

export interface DoctorOptions {
  readonly state: string;
  readonly ports: readonly number[];
  readonly interfaces: readonly string[];
  readonly daemon: "running" | "not-running";
  readonly vendorProblems: readonly { readonly file: string; readonly problem: string }[];
}

const line = (
  id: string,
  state: DoctorLine["state"],
  en: string,
  ja: string,
  values: TextValues = {},
): DoctorLine => ({
  id,
  state,
  text: { en, ja },
  values,
});

/** What Komainu can and cannot do on this machine and network, and why. Sends nothing. */
export async function examine(options: DoctorOptions): Promise<readonly DoctorLine[]> {
  const chosen = chosenInterfaces(interfacesHere(), options.interfaces);
  const own =
    chosen.flatMap(({ addresses }) => addresses).find(({ family }) => family === 4)?.address ?? null;
  const abilities = await networkAbilities(own);
  return [
    nodeLine(),
    ...networkLines(options.interfaces),
    ...abilities.groups.map(({ name, error }) =>
      error === null
        ? line("multicast", "yes", "Hears {name}.", "{name} を聞けます。", { name })
        : line(
            "multicast",
            "partly",
            "Cannot hear {name} ({error}): cameras that only announce themselves there are missed between scans. Another program may hold the port alone.",
            "{name} を聞けません（{error}）。点検と点検の間に名乗るだけのカメラを見落とします。別のプログラムがこの入口を独り占めしているかもしれません。",
            { name, error },
          ),
    ),
    abilities.neighbourTable === null
      ? line(
          "neighbour-table",
          "partly",
          "The kernel's neighbour limit cannot be read: large networks are walked slowly.",
          "隣の機械の表の大きさを読めません。大きなネットワークはゆっくり調べます。",
        )
      : line(
          "neighbour-table",
          "yes",
          "The kernel remembers {n} neighbours; the walk stays below that.",
          "隣の機械を{n}台まで覚えられます。調べる数はそれより少なくします。",
          { n: abilities.neighbourTable },
        ),
    abilities.ipv6
      ? line("ipv6", "yes", "IPv6 is there.", "IPv6 が使えます。")
      : line(
          "ipv6",
          "partly",
          "No IPv6 here: cameras that speak only IPv6 are not seen.",
          "IPv6 がありません。IPv6 だけを使うカメラは見つかりません。",
        ),
    abilities.ip !== null
      ? line("ip", "yes", "Reads the IPv6 neighbours with {ip}.", "{ip} で IPv6 の隣の機械を読めます。", {
          ip: abilities.ip,
        })
      : line(
          "ip",
          "partly",
          "`ip` is missing, so the IPv6 neighbours are not read: sudo apt-get install iproute2",
          "`ip` がないため、IPv6 の隣の機械を読めません: sudo apt-get install iproute2",
        ),
    ...(await routerLines()),
    await stateLine(options.state),
    ...(await portLines(options)),
    ...options.vendorProblems.map(({ file, problem }) =>
      line("vendor-file", "partly", "{file} is left out: {problem}", "{file} は使いません: {problem}", {
        file,
        problem,
      }),
    ),
    await machineLine(),
  ];
}

/** Only where this machine is the router; then what it may read decides whether forwards are facts or guesses. */
async function routerLines(): Promise<DoctorLine[]> {
  if (routerSeat() === null) return [];
  return (await readGuardTable()).ok
    ? [
        line(
          "router",
          "yes",
          "It is the router, and reads its own rules.",
          "ルーターです。自分の決まりを読めます。",
        ),
      ]
    : [
        line(
          "router",
          "partly",
          "It is the router and may not read its own rules, so forwards made by hand stay unseen: sudo ./install.sh --gateway",
          "ルーターですが、自分の決まりを読めません。手で作られた転送を見落とします: sudo ./install.sh --gateway",
        ),
      ];
}

export function doctorText(lines: readonly DoctorLine[], language: Language): string {
  const marks = { yes: "✓", partly: "!", no: "✕" } as const;
  return `${lines.map(({ state, text, values }) => `${marks[state]} ${fillText(text[language], values)}`).join("\n")}\n`;
}

function nodeLine(): DoctorLine {
  const version = process.versions.node;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? line("node", "yes", "Node.js {version}.", "Node.js {version} です。", { version })
    : line(
        "node",
        "no",
        "Node.js {version} is too old: 20.19 or newer is needed. `./install.sh` brings its own.",
        "Node.js {version} は古すぎます。20.19 以上が必要です。`./install.sh` が専用のものを入れます。",
        { version },
      );
}

function networkLines(names: readonly string[]): DoctorLine[] {
  const all = interfacesHere();
  const chosen = chosenInterfaces(all, names);
  const looked = chosen.map(({ name, addresses }) =>
    line("interface", "yes", "Looks around on {name}: {subnets}.", "{name} の先を調べます: {subnets}", {
      name,
      subnets: [...new Set(addresses.map(({ subnet }) => subnet))].join(", "),
    }),
  );
  const left = all
    .filter((local) => !chosen.includes(local))
    .map(({ name, skipped }) =>
      line(
        "interface",
        "partly",
        "Leaves {name} alone ({because}); --interface {name} includes it.",
        "{name} は調べません（{because}）。--interface {name} で加えられます。",
        { name, because: skipped ?? "not chosen" },
      ),
    );
  const gateways = gatewayAddresses();
  const router =
    gateways.length > 0
      ? line("gateway", "yes", "Router: {addresses}.", "ルーター: {addresses}", {
          addresses: gateways.join(", "),
        })
      : line(
          "gateway",
          "partly",
          "No default route: the router is only found if it announces itself.",
          "出口のルーターが分かりません。ルーターが名乗ったときだけ調べます。",
        );
  const none = line(
    "interface",
    "no",
    "No network to look at. Connect a cable, or name one with --interface.",
    "調べるネットワークがありません。線をつなぐか、--interface で選んでください。",
  );
  return [...(looked.length > 0 ? looked : [none]), ...left, router];
}

async function stateLine(state: string): Promise<DoctorLine> {
  const problem = await mkdir(state, { recursive: true, mode: 0o700 })
    .then(() => access(state, constants.W_OK))
    .then(
      () => null,
      (error: NodeJS.ErrnoException) => error.code ?? "error",
    );
  return problem === null
    ? line("state", "yes", "Keeps its records in {state}.", "記録は {state} に残します。", { state })
    : line(
        "state",
        "no",
        "Cannot write to {state} ({problem}): no login can be counted, so none is tried. Give --state DIRECTORY.",
        "{state} に書けません（{problem}）。回数を残せないので、パスワードは試しません。--state で場所を選んでください。",
        { state, problem },
      );
}

async function portLines(options: DoctorOptions): Promise<DoctorLine[]> {
  if (options.daemon === "running") {
    return [line("daemon", "yes", "The daemon is running.", "点検のプログラムが動いています。")];
  }
  return Promise.all(
    options.ports.map(async (port) => {
      const error = await listenError(port);
      if (error === null)
        return line("port", "yes", "The page can be served on port {port}.", "画面を {port} 番で出せます。", {
          port,
        });
      return line(
        "port",
        "no",
        "The page cannot be served on port {port} ({error}). Choose another with --listen.",
        "画面を {port} 番で出せません（{error}）。--listen で別の番号を選んでください。",
        { port, error },
      );
    }),
  );
}

/** The one use of systeminformation: loaded here alone, because it starts processes, which the daemon may not. */
async function machineLine(): Promise<DoctorLine> {
  try {
    const { mem, osInfo, cpuTemperature } = await import("systeminformation");
    const [memory, os, temperature] = await Promise.all([mem(), osInfo(), cpuTemperature()]);
    const free = Math.round(memory.available / 1024 / 1024);
    const hot = temperature.main === null ? "–" : `${Math.round(temperature.main)} °C`;
    return line(
      "machine",
      free < 128 ? "partly" : "yes",
      "{os}, {arch}, {free} MiB of memory free, {hot}.",
      "{os}、{arch}、空きメモリー {free} MiB、{hot}",
      {
        os: `${os.distro} ${os.release}`.trim(),
        arch: os.arch,
        free,
        hot,
      },
    );
  } catch {
    return line("machine", "partly", "Machine details cannot be read.", "機械のくわしい情報は読めません。");
  }
}
