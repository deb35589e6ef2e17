import { Ajv } from "ajv";
import { idSchema, newConsentSchema, newScanSchema } from "./api-schemas.ts";

// The build puts what Ajv makes of SCHEMAS in this file's place (scripts/build.ts): the daemon does without the compiler.
export const ajv = new Ajv({ strict: true, allowUnionTypes: true, meta: false, validateSchema: false });
export const SCHEMAS = { isId: idSchema, isNewScan: newScanSchema, isNewConsent: newConsentSchema };

export const isId = ajv.compile(SCHEMAS.isId);
export const isNewScan = ajv.compile(SCHEMAS.isNewScan);
export const isNewConsent = ajv.compile(SCHEMAS.isNewConsent);
