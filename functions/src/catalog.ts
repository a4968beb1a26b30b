import { channels } from '#channels/index.ts';
import { tools } from '#tools/index.ts';
import { type AnyStepDefinition, stepTypes } from '#steps/index.ts';
import type { ToolsAndChannels } from '#steps/definition/step-view.ts';

/**
 * The three lists by which the product is extended. All code that needs them uses the catalog, so that an addition
 * requires no other change.
 */
export interface Catalog extends ToolsAndChannels {
  readonly stepTypes: readonly AnyStepDefinition[];
}

/** Every step type, tool and channel of the product. */
export const catalog: Catalog = { stepTypes, tools, channels };
