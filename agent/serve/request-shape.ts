import { Ajv } from "ajv";
import {
  guardInputSchema,
  idSchema,
  newConsentSchema,
  newScanSchema,
  outsideInputSchema,
  pressSchema,
} from "./api-schemas.ts";

// The build puts what Ajv makes of SCHEMAS in this file's place (scripts/build.ts): the daemon does without the compiler.
export const ajv = new Ajv({ strict: true, allowUnionTypes: true, meta: false, validateSchema: false });
export const SCHEMAS = {
  isId: idSchema,
  isNewScan: newScanSchema,
  isNewConsent: newConsentSchema,
  isPress: pressSchema,
  isOutsideInput: outsideInputSchema,
  isGuardInput: guardInputSchema,
};

export const isId = ajv.compile(SCHEMAS.isId);
export const isNewScan = ajv.compile(SCHEMAS.isNewScan);
export const isNewConsent = ajv.compile(SCHEMAS.isNewConsent);
export const isPress = ajv.compile(SCHEMAS.isPress);
export const isOutsideInput = ajv.compile(SCHEMAS.isOutsideInput);
export const isGuardInput = ajv.compile(SCHEMAS.isGuardInput);
