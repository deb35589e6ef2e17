/** The port mappings of the router's stand-in: WANIPConnection:1 and :2, error codes as in the tables of each action. */
import { elementText, escapeXml } from "./soap.ts";

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
 * `refuses-delete`: 606 for everybody, as miniupnpd with secure_mode=yes does to whom the entry does not lead
 * (upnpsoap.c). `deletes-nothing`: yes, and the entry stays (miniupnp issue 628, OpenWrt 22.03). `comes-back`: its owner
 * makes the entry anew at once, as a camera does that is told so by its own settings; here before the next question.
 * `denies-by-key`: 714 for an entry that the walk lists (Open.NAT issue 55, a home router). `refuses-all`: 501 to
 * every action, made up for a router whose UPnP is there and switched off half.
 */
export type TableMisbehaviour =
  | "fault-in-middle"
  | "endless"
  | "repeats"
  | "lists-differ"
  | "list-fault"
  | "refuses-delete"
  | "deletes-nothing"
  | "comes-back"
  | "denies-by-key"
  | "refuses-all";

export interface TableOptions {
  readonly external: string;
  /** Default `Connected`. */
  readonly status?: string;
  readonly mappings?: readonly IgdMapping[];
  readonly misbehaves?: string;
  /** Only the internal client itself may add or delete its mappings (606 otherwise). */
  readonly secureMode?: boolean;
}

/** A UPnP error: code and description of the action's table. */
export class UpnpError extends Error {
  readonly code: number;
  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

export type Values = Readonly<Record<string, string | number>>;

export class MappingTable {
  list: readonly IgdMapping[];
  readonly #options: TableOptions;
  readonly #changed: () => void;
  /** What its owner is about to make anew. */
  #returning: readonly IgdMapping[] = [];

  constructor(options: TableOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.list = options.mappings ?? [];
  }

  act(action: string, body: string, version: 1 | 2, caller: string): Values {
    const text = (name: string): string => elementText(body, name) ?? "";
    if (this.#options.misbehaves === "refuses-all") throw new UpnpError(501, "Action Failed");
    this.#letReturn();
    switch (action) {
      case "GetExternalIPAddress":
        return { NewExternalIPAddress: this.#options.external };
      case "GetStatusInfo":
        return {
          NewConnectionStatus: this.#options.status ?? "Connected",
          NewLastConnectionError: "ERROR_NONE",
          NewUptime: 86_400,
        };
      case "GetGenericPortMappingEntry":
        return this.#walk(Number(text("NewPortMappingIndex")));
      case "GetSpecificPortMappingEntry":
        if (this.#options.misbehaves === "denies-by-key") throw new UpnpError(714, "NoSuchEntryInArray");
        return detailsOf(this.#find(text("NewProtocol"), Number(text("NewExternalPort"))));
      case "GetListOfPortMappings":
        if (version === 1) throw new UpnpError(401, "Invalid Action");
        return { NewPortListing: this.#listing(text("NewProtocol"), Number(text("NewNumberOfPorts"))) };
      case "AddPortMapping":
        return this.#add(text, caller);
      case "DeletePortMapping":
        return this.#remove(text, caller);
      default:
        throw new UpnpError(401, "Invalid Action");
    }
  }

  #letReturn(): void {
    if (this.#returning.length === 0) return;
    this.list = [...this.list, ...this.#returning];
    this.#returning = [];
    this.#changed();
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
          `<p:PortMappingEntry><p:NewRemoteHost>${escapeXml(mapping.remoteHost)}</p:NewRemoteHost><p:NewExternalPort>${mapping.externalPort}</p:NewExternalPort><p:NewProtocol>${mapping.protocol}</p:NewProtocol><p:NewInternalPort>${mapping.internalPort}</p:NewInternalPort><p:NewInternalClient>${escapeXml(mapping.internalClient)}</p:NewInternalClient><p:NewEnabled>${mapping.enabled ? 1 : 0}</p:NewEnabled><p:NewDescription>${escapeXml(mapping.description)}</p:NewDescription><p:NewLeaseTime>${mapping.leaseSeconds}</p:NewLeaseTime></p:PortMappingEntry>`,
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
    this.#changed();
    return {};
  }

  #remove(text: (name: string) => string, caller: string): Values {
    const mapping = this.#find(text("NewProtocol"), Number(text("NewExternalPort")));
    const { misbehaves } = this.#options;
    if (misbehaves === "refuses-delete") throw new UpnpError(606, "Action not authorized");
    this.#authorize(mapping, caller);
    if (misbehaves === "deletes-nothing") return {};
    if (misbehaves === "comes-back") this.#returning = [mapping];
    this.list = this.list.filter((each) => each !== mapping);
    this.#changed();
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
