import { channels } from '#channels/index.ts';
import { tools } from '#tools/index.ts';
import { type AnyStepDefinition, stepTypes } from '#steps/index.ts';
import type { ToolsAndChannels } from '#steps/definition/step-view.ts';

/**
 * The three lists that the product is extended by. Whoever needs to know what there is takes the catalog, so that nothing
 * else has to be told of one more.
 */
export interface Catalog extends ToolsAndChannels {
  readonly stepTypes: readonly AnyStepDefinition[];
}

/** Every step type, tool and channel of the product. */
export const catalog: Catalog = { stepTypes, tools, channels };
