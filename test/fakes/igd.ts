/**
 * A home router's Internet Gateway Device: stands in for miniupnpd where that is missing, and can misbehave as real
 * routers do. WANIPConnection:1 and :2 (UPnP Forum), error codes as there in the tables of each action.
 *
 *   node igd.mjs '{"address":"192.168.77.1","interface":"eth0","port":2189,"external":"128.66.0.2","wan":"wan0"}'
 */
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import type { Announcer } from "./multicast.ts";
import { elementText, escapeXml, operationOf } from "./soap.ts";
import { type RootDevice, ssdpDevice } from "./ssdp.ts";
import { type Place, Wire } from "./wire.ts";

export interface IgdMapping {
  readonly protocol: "TCP" | "UDP";
  readonly externalPort: number;
  readonly remoteHost: string;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly enabled: boolean;
  readonly description: string;
  readonly leaseSeconds: number;
}

/**
 * `fault-in-middle`: the walk ends with 501 after two entries. `endless`: always one entry more. `repeats`: the walk
 * never leaves the first entry. `lists-differ`: the walk hides the last entry. `list-fault`: the :2 list answers 501.
 */
export type Misbehaviour = "fault-in-middle" | "endless" | "repeats" | "lists-differ" | "list-fault";

export interface IgdOptions extends Place {
  readonly port: number;
  readonly external: string;
  readonly version?: 1 | 2;
  readonly mappings?: readonly IgdMapping[];
  readonly misbehaves?: Misbehaviour;
  /** Only the internal client itself may add or delete its mappings (606 otherwise). */
  readonly secureMode?: boolean;
  /** Interface to forward from, with nftables; without it mappings are only listed. */
  readonly wan?: string;
}

export interface FakeIgd {
  readonly port: number;
  mappings(): readonly IgdMapping[];
  /** How often each action was asked. */
  readonly calls: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** A UPnP error: code and description of the action's table. */
class UpnpError extends Error {
  readonly code: number;
  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

type Values = Readonly<Record<string, string | number>>;
const DESCRIPTION_PATH = "/rootDesc.xml";
const CONTROL_PATH = "/ctl/IPConn";
const FIREWALL_PATH = "/ctl/IP6FCtl";
const UUID = "7e2d1c0a-77aa-4b1e-9a01-00000000007a";

export async function startIgd(options: IgdOptions): Promise<FakeIgd> {
  const version = options.version ?? 2;
  const table = new MappingTable(options);
  const calls = new Map<string, number>();
  const wire = new Wire(options);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    void respond(request, response, version, (body) => {
      const action = operationOf(body) ?? "";
      calls.set(action, (calls.get(action) ?? 0) + 1);
      return table.act(action, body, version, callerOf(request));
    });
  };
  await wire.listen(options.port, createServer(answer));
  const announcers =
    options.interface === undefined ? [] : await announce(options, version, wire.port(options.port));
  return {
    port: wire.port(options.port),
    mappings: () => table.list,
    calls,
    close: async () => {
      await Promise.all(announcers.map((announcer) => announcer.close()));
      await wire.close();
    },
  };
}

class MappingTable {
  list: IgdMapping[];
  readonly #options: IgdOptions;

  constructor(options: IgdOptions) {
    this.#options = options;
    this.list = [...(options.mappings ?? [])];
  }

  act(action: string, body: string, version: 1 | 2, caller: string): Values {
    const text = (name: string): string => elementText(body, name) ?? "";
    switch (action) {
      case "GetExternalIPAddress":
        return { NewExternalIPAddress: this.#options.external };
      case "GetStatusInfo":
        return { NewConnectionStatus: "Connected", NewLastConnectionError: "ERROR_NONE", NewUptime: 86_400 };
      case "GetGenericPortMappingEntry":
        return this.#walk(Number(text("NewPortMappingIndex")));
      case "GetSpecificPortMappingEntry":
        return detailsOf(this.#find(text("NewProtocol"), Number(text("NewExternalPort"))));
      case "GetListOfPortMappings":
        if (version === 1) throw new UpnpError(401, "Invalid Action");
        return { NewPortListing: this.#listing(text("NewProtocol"), Number(text("NewNumberOfPorts"))) };
      case "AddPortMapping":
        return this.#add(text, caller);
      case "DeletePortMapping":
        return this.#remove(text, caller);
      case "GetFirewallStatus":
        return { FirewallEnabled: 1, InboundPinholeAllowed: 0 };
      default:
        throw new UpnpError(401, "Invalid Action");
    }
  }

  #walk(index: number): Values {
    const { misbehaves } = this.#options;
    if (misbehaves === "fault-in-middle" && index >= 2) throw new UpnpError(501, "Action Failed");
    const hidden = misbehaves === "lists-differ" ? 1 : 0;
    const entry = this.list.slice(0, this.list.length - hidden)[misbehaves === "repeats" ? 0 : index];
    const found = entry ?? (misbehaves === "endless" ? inventedEntry(index) : undefined);
    if (found === undefined) throw new UpnpError(713, "SpecifiedArrayIndexInvalid");
    return {
      NewRemoteHost: found.remoteHost,
      NewExternalPort: found.externalPort,
      NewProtocol: found.protocol,
      ...detailsOf(found),
    };
  }

  #listing(protocol: string, wanted: number): string {
    if (this.#options.misbehaves === "list-fault") throw new UpnpError(501, "Action Failed");
    const chosen = this.list.filter((mapping) => mapping.protocol === protocol);
    if (chosen.length === 0) throw new UpnpError(730, "PortMappingNotFound");
    const entries = chosen
      .slice(0, wanted || chosen.length)
      .map(
        (mapping) =>
          `<p:PortMappingEntry><p:NewRemoteHost>${mapping.remoteHost}</p:NewRemoteHost><p:NewExternalPort>${mapping.externalPort}</p:NewExternalPort><p:NewProtocol>${mapping.protocol}</p:NewProtocol><p:NewInternalPort>${mapping.internalPort}</p:NewInternalPort><p:NewInternalClient>${mapping.internalClient}</p:NewInternalClient><p:NewEnabled>${mapping.enabled ? 1 : 0}</p:NewEnabled><p:NewDescription>${escapeXml(mapping.description)}</p:NewDescription><p:NewLeaseTime>${mapping.leaseSeconds}</p:NewLeaseTime></p:PortMappingEntry>`,
      );
    return `<p:PortMappingList xmlns:p="urn:schemas-upnp-org:gw:WANIPConnection">${entries.join("")}</p:PortMappingList>`;
  }

  #add(text: (name: string) => string, caller: string): Values {
    const added: IgdMapping = {
      protocol: text("NewProtocol") === "UDP" ? "UDP" : "TCP",
      externalPort: Number(text("NewExternalPort")),
      remoteHost: text("NewRemoteHost"),
      internalClient: text("NewInternalClient"),
      internalPort: Number(text("NewInternalPort")),
      enabled: text("NewEnabled") !== "0",
      description: text("NewPortMappingDescription"),
      leaseSeconds: Number(text("NewLeaseDuration")),
    };
    this.#authorize(added, caller);
    this.list = [...this.list.filter((mapping) => !sameSlot(mapping, added)), added];
    this.#forward();
    return {};
  }

  #remove(text: (name: string) => string, caller: string): Values {
    const mapping = this.#find(text("NewProtocol"), Number(text("NewExternalPort")));
    this.#authorize(mapping, caller);
    this.list = this.list.filter((each) => each !== mapping);
    this.#forward();
    return {};
  }

  #find(protocol: string, externalPort: number): IgdMapping {
    const found = this.list.find((each) => each.protocol === protocol && each.externalPort === externalPort);
    if (found === undefined) throw new UpnpError(714, "NoSuchEntryInArray");
    return found;
  }

  #authorize(mapping: IgdMapping, caller: string): void {
    if (this.#options.secureMode && mapping.internalClient !== caller) {
      throw new UpnpError(606, "Action not authorized");
    }
  }

  /** Writes the whole list into the chains that miniupnpd would use. */
  #forward(): void {
    const { wan } = this.#options;
    if (wan === undefined) return;
    const rules = this.list
      .filter((mapping) => mapping.enabled)
      .flatMap(({ protocol, externalPort, internalClient, internalPort }) => [
        `add rule inet filter prerouting_miniupnpd iifname "${wan}" ${protocol.toLowerCase()} dport ${externalPort} dnat ip to ${internalClient}:${internalPort}`,
        `add rule inet filter miniupnpd iifname "${wan}" ip daddr ${internalClient} ${protocol.toLowerCase()} dport ${internalPort} accept`,
      ]);
    const flush = ["flush chain inet filter prerouting_miniupnpd", "flush chain inet filter miniupnpd"];
    execFileSync("nft", ["-f", "-"], { input: `${[...flush, ...rules].join("\n")}\n` });
  }
}

function sameSlot(one: IgdMapping, other: IgdMapping): boolean {
  return one.protocol === other.protocol && one.externalPort === other.externalPort;
}

function detailsOf(mapping: IgdMapping): Values {
  return {
    NewInternalPort: mapping.internalPort,
    NewInternalClient: mapping.internalClient,
    NewEnabled: mapping.enabled ? 1 : 0,
    NewPortMappingDescription: mapping.description,
    NewLeaseDuration: mapping.leaseSeconds,
  };
}

function inventedEntry(index: number): IgdMapping {
  return {
    protocol: "UDP",
    externalPort: 10_000 + (index % 50_000),
    remoteHost: "",
    internalClient: "192.168.77.99",
    internalPort: 9,
    enabled: true,
    description: `entry ${index}`,
    leaseSeconds: 0,
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  version: 1 | 2,
  act: (body: string) => Values,
): Promise<void> {
  const path = request.url ?? "";
  if (request.method === "GET" && path === DESCRIPTION_PATH) return send(response, 200, description(version));
  const service =
    path === CONTROL_PATH ? connectionType(version) : path === FIREWALL_PATH ? FIREWALL_TYPE : null;
  if (service === null || (version === 1 && path === FIREWALL_PATH)) return send(response, 404, "");
  const body = await readBody(request);
  try {
    const values = Object.entries(act(body)).map(
      ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
    );
    const action = operationOf(body);
    send(
      response,
      200,
      envelope(`<u:${action}Response xmlns:u="${service}">${values.join("")}</u:${action}Response>`),
    );
  } catch (error) {
    if (!(error instanceof UpnpError)) throw error;
    send(response, 500, envelope(faultBody(error)));
  }
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

function send(response: ServerResponse, status: number, document: string): void {
  response.writeHead(status, { "Content-Type": 'text/xml; charset="utf-8"', Connection: "close" });
  response.end(document);
}

function callerOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

const FIREWALL_TYPE = "urn:schemas-upnp-org:service:WANIPv6FirewallControl:1";

function connectionType(version: 1 | 2): string {
  return `urn:schemas-upnp-org:service:WANIPConnection:${version}`;
}

function deviceType(name: string, version: 1 | 2): string {
  return `urn:schemas-upnp-org:device:${name}:${version}`;
}

function description(version: 1 | 2): string {
  const service = (type: string, id: string, control: string) =>
    `<service><serviceType>${type}</serviceType><serviceId>urn:upnp-org:serviceId:${id}</serviceId><SCPDURL>/scpd.xml</SCPDURL><controlURL>${control}</controlURL><eventSubURL>/evt</eventSubURL></service>`;
  const firewall = version === 2 ? service(FIREWALL_TYPE, "WANIPv6Firewall1", FIREWALL_PATH) : "";
  const device = (name: string, last: string, inner: string) =>
    `<device><deviceType>${deviceType(name, version)}</deviceType><friendlyName>Home router</friendlyName><manufacturer>Komainu test LAN</manufacturer><modelName>Stand-in IGD</modelName><UDN>uuid:${UUID.slice(0, -1)}${last}</UDN>${inner}</device>`;
  const connection = device(
    "WANConnectionDevice",
    "c",
    `<serviceList>${service(connectionType(version), "WANIPConn1", CONTROL_PATH)}${firewall}</serviceList>`,
  );
  const wan = device("WANDevice", "b", `<deviceList>${connection}</deviceList>`);
  const root = device("InternetGatewayDevice", "a", `<deviceList>${wan}</deviceList>`);
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>${version === 2 ? 1 : 0}</minor></specVersion>${root}</root>`;
}

/** An IGD:2 also answers a search for :1 (UPnP Device Architecture 1.1, 1.3.3), and for its connection service. */
async function announce(options: IgdOptions, version: 1 | 2, port: number): Promise<readonly Announcer[]> {
  const types = [
    deviceType("InternetGatewayDevice", 1),
    connectionType(1),
    ...(version === 2 ? [deviceType("InternetGatewayDevice", 2), connectionType(2)] : []),
  ];
  const announcers = types.map((type) => {
    const root: RootDevice = {
      server: "Linux/6.1 UPnP/1.1 komainu-test/1.0",
      uuid: UUID,
      deviceType: type,
      port,
      path: DESCRIPTION_PATH,
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
