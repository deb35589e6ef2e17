/**
 * A home router's Internet Gateway Device: stands in for miniupnpd where that is missing, and can misbehave as real
 * routers do. WANIPConnection:1 and :2, WANPPPConnection:1, WANIPv6FirewallControl:1 (UPnP Forum).
 *
 *   node igd.mjs '{"address":"192.168.77.1","interface":"eth0","port":2189,"external":"128.66.0.2","wan":"wan0"}'
 */
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  connectionType,
  type DescriptionOptions,
  description,
  deviceType,
  FIREWALL_TYPE,
  IDLE_TYPE,
  PATHS,
  UUID,
} from "./igd-description.ts";
import { type FakePinhole, type PinholeOptions, PinholeTable } from "./igd-pinholes.ts";
import {
  type IgdMapping,
  MappingTable,
  type TableMisbehaviour,
  type TableOptions,
  UpnpError,
  type Values,
} from "./igd-table.ts";
import type { Announcer } from "./multicast.ts";
import { escapeXml, operationOf } from "./soap.ts";
import { type RootDevice, ssdpDevice } from "./ssdp.ts";
import { type Place, Wire } from "./wire.ts";

export type { IgdMapping } from "./igd-table.ts";

/**
 * On the wire. `loses-delete-answer`: deletes, and hangs up without a word; made up, as a router that reloads its packet
 * filter may. `drips`: each answer comes byte by byte and never ends in time; made up, after the slow readers of web
 * servers. `redirects`: 302 to another host instead of an answer, and `controls-elsewhere`: a control URL on another
 * host, as in the attacks of CVE-2020-12695. `shift-jis`: names in Shift_JIS under a header that says UTF-8; made up.
 */
export type Misbehaviour =
  | TableMisbehaviour
  | "loses-delete-answer"
  | "drips"
  | "redirects"
  | "controls-elsewhere"
  | "shift-jis";

export interface IgdOptions extends Place, TableOptions, PinholeOptions {
  readonly port: number;
  /** Default 2. */
  readonly version?: 1 | 2;
  /** Default `ip`. */
  readonly connection?: DescriptionOptions["connection"];
  /** Default false. */
  readonly idlePpp?: boolean;
  readonly misbehaves?: Misbehaviour;
  /** Interface to forward from, with nftables; without it mappings are only listed. */
  readonly wan?: string;
}

export interface FakeIgd {
  readonly port: number;
  mappings(): readonly IgdMapping[];
  pinholes(): readonly FakePinhole[];
  /** How often each action was asked. */
  readonly calls: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** RFC 5737: nobody's. */
const ELSEWHERE = "http://192.0.2.1/ctl/IPConn";
const DRIP_MS = 20;
/** 園 in Shift_JIS: its second byte is an ordinary letter. */
const SHIFT_JIS = Buffer.from([0x89, 0x80]);

export async function startIgd(options: IgdOptions): Promise<FakeIgd> {
  const router = new Router(options);
  const wire = new Wire(options);
  await wire.listen(
    options.port,
    createServer((request, response) => void router.respond(request, response)),
  );
  const announcers = options.interface === undefined ? [] : await announce(options, wire.port(options.port));
  return {
    port: wire.port(options.port),
    mappings: () => router.mappings.list,
    pinholes: () => router.pinholes.list,
    calls: router.calls,
    close: async () => {
      await Promise.all(announcers.map((announcer) => announcer.close()));
      await wire.close();
    },
  };
}

function descriptionOf({ version = 2, connection = "ip", idlePpp = false, misbehaves }: IgdOptions) {
  const controlUrl = misbehaves === "controls-elsewhere" ? { controlUrl: ELSEWHERE } : {};
  return { version, connection, idlePpp, ...controlUrl };
}

class Router {
  readonly calls = new Map<string, number>();
  readonly mappings: MappingTable;
  readonly pinholes: PinholeTable;
  readonly #idle: MappingTable;
  readonly #options: IgdOptions;

  constructor(options: IgdOptions) {
    this.#options = options;
    const changed = () => forward(options.wan, this.mappings.list, this.pinholes.list);
    this.mappings = new MappingTable(options, changed);
    this.pinholes = new PinholeTable(options, changed);
    this.#idle = new MappingTable(
      { external: "", status: "Disconnected", misbehaves: "refuses-delete" },
      changed,
    );
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const described = descriptionOf(this.#options);
    if (request.method === "GET" && path === PATHS.description) {
      return send(response, 200, description(described));
    }
    const { misbehaves } = this.#options;
    if (misbehaves === "redirects") return void response.writeHead(302, { Location: ELSEWHERE }).end();
    const body = await readBody(request);
    const service = this.#serviceAt(path, described);
    if (service === null) return send(response, 404, "");
    const action = operationOf(body) ?? "";
    this.calls.set(action, (this.calls.get(action) ?? 0) + 1);
    const answer = this.#answer(service, action, body, callerOf(request));
    if (misbehaves === "loses-delete-answer" && action === "DeletePortMapping") {
      return void request.socket.destroy();
    }
    if (misbehaves === "drips") return await drip(response, answer.document);
    send(response, answer.status, answer.document, misbehaves === "shift-jis");
  }

  #serviceAt(path: string, described: DescriptionOptions): string | null {
    if (path === PATHS.connection) return connectionType(described);
    if (path === PATHS.idle && described.idlePpp) return IDLE_TYPE;
    return path === PATHS.firewall && described.version === 2 ? FIREWALL_TYPE : null;
  }

  #answer(service: string, action: string, body: string, caller: string) {
    const version = service.endsWith(":2") ? 2 : 1;
    const act = (): Values => {
      if (service === FIREWALL_TYPE) return this.pinholes.act(action, body, caller);
      const isIdle = service === IDLE_TYPE && this.#options.connection !== "ppp";
      return (isIdle ? this.#idle : this.mappings).act(action, body, version, caller);
    };
    try {
      const values = Object.entries(act()).map(
        ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
      );
      const content = `<u:${action}Response xmlns:u="${service}">${values.join("")}</u:${action}Response>`;
      return { status: 200, document: envelope(content) };
    } catch (error) {
      if (!(error instanceof UpnpError)) throw error;
      return { status: 500, document: envelope(faultBody(error)) };
    }
  }
}

/** Writes all of it into the chains that miniupnpd would use. */
function forward(
  wan: string | undefined,
  mappings: readonly IgdMapping[],
  pinholes: readonly FakePinhole[],
): void {
  if (wan === undefined) return;
  const rules = mappings
    .filter((mapping) => mapping.enabled)
    .flatMap(({ protocol, externalPort, internalClient, internalPort }) => [
      `add rule inet filter prerouting_miniupnpd iifname "${wan}" ${protocol.toLowerCase()} dport ${externalPort} dnat ip to ${internalClient}:${internalPort}`,
      `add rule inet filter miniupnpd iifname "${wan}" ip daddr ${internalClient} ${protocol.toLowerCase()} dport ${internalPort} accept`,
    ]);
  const holes = pinholes.map(
    ({ internalClient, internalPort, protocol }) =>
      `add rule inet filter miniupnpd iifname "${wan}" ip6 daddr ${internalClient} ${protocol === 6 ? "tcp" : "udp"} dport ${internalPort} accept`,
  );
  const flush = ["flush chain inet filter prerouting_miniupnpd", "flush chain inet filter miniupnpd"];
  execFileSync("nft", ["-f", "-"], { input: `${[...flush, ...rules, ...holes].join("\n")}\n` });
}

/** UPnP Device Architecture 1.1, 3.2.2: the error inside the SOAP fault. */
function faultBody({ code, message }: UpnpError): string {
  return `<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>${code}</errorCode><errorDescription>${message}</errorDescription></UPnPError></detail></s:Fault>`;
}

function envelope(content: string): string {
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>${content}</s:Body></s:Envelope>`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}

function send(response: ServerResponse, status: number, document: string, shiftJis = false): void {
  response.writeHead(status, { "Content-Type": 'text/xml; charset="utf-8"', Connection: "close" });
  if (!shiftJis) return void response.end(document);
  const parts = document.split("園").flatMap((part) => [SHIFT_JIS, Buffer.from(part)]);
  response.end(Buffer.concat(parts.slice(1)));
}

async function drip(response: ServerResponse, document: string): Promise<void> {
  response.writeHead(200, { "Content-Type": 'text/xml; charset="utf-8"', Connection: "close" });
  for (const character of document) {
    if (response.destroyed) return;
    response.write(character);
    await delay(DRIP_MS);
  }
  response.end();
}

function callerOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

/** An IGD:2 also answers a search for :1 (UPnP Device Architecture 1.1, 1.3.3), and for its connection service. */
async function announce(options: IgdOptions, port: number): Promise<readonly Announcer[]> {
  const { version = 2, connection = "ip" } = options;
  const types = [
    deviceType("InternetGatewayDevice", 1),
    connectionType({ version: 1, connection }),
    ...(version === 2
      ? [deviceType("InternetGatewayDevice", 2), connectionType({ version, connection })]
      : []),
  ];
  const announcers = [...new Set(types)].map((type) => {
    const root: RootDevice = {
      server: "Linux/6.1 UPnP/1.1 komainu-test/1.0",
      uuid: UUID,
      deviceType: type,
      port,
      path: PATHS.description,
      description: {},
    };
    return ssdpDevice(root, options);
  });
  const ready = await Promise.all(announcers);
  for (const announcer of ready) announcer.announce();
  return ready;
}

const [, script, command] = process.argv;
if (
  script !== undefined &&
  command !== undefined &&
  realpathSync(script) === fileURLToPath(import.meta.url)
) {
  await startIgd(JSON.parse(command) as IgdOptions);
  process.stdin.resume().on("close", () => process.exit(0));
  process.stdout.write("ready\n");
}
