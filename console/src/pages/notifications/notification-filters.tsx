import type { Channel } from '#channels/channel.ts';
import { NotificationStatus } from '#records/notifications/notifications.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { receiptWord } from '#console/view/records/notification-badges.tsx';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';
import type { NotificationsWish } from './notifications-wish.ts';

interface FiltersProps {
  readonly wish: NotificationsWish;
  readonly playbooks: readonly PlaybookName[];
  readonly channels: readonly Channel[];
}

/** The filters as a form that changes the address. */
export const NotificationFilters = ({ wish, playbooks, channels }: FiltersProps) => (
  <form class="filters" method="get" action="/notifications" data-auto="">
    <ChannelChoice chosen={wish.channel} channels={channels} />
    <DeliveryChoice chosen={wish.status} />
    <PlaybookChoice chosen={wish.playbook} playbooks={playbooks} />
    {wish.execution === undefined ? null : <input type="hidden" name="execution" value={wish.execution} />}
    <button>Filter</button>
    {wish.execution === undefined ? null : (
      <a class="button" href={hrefOf('/notifications', { ...wish, execution: undefined, after: undefined })}>
        Only execution <Text value={wish.execution} max={40} /> ✕
      </a>
    )}
  </form>
);

const ChannelChoice = ({ chosen, channels }: { chosen: string | undefined; channels: readonly Channel[] }) => (
  <label>
    Channel
    <select name="channel">
      <option value="">All channels</option>
      {channels.map(({ name, label }) => (
        <option value={name} selected={name === chosen}>
          {label}
        </option>
      ))}
    </select>
  </label>
);

const DeliveryChoice = ({ chosen }: { chosen: NotificationsWish['status'] }) => (
  <label>
    Delivery
    <select name="status">
      <option value="">Any delivery</option>
      {NotificationStatus.options.map((status) => (
        <option value={status} selected={status === chosen}>
          {receiptWord(status)}
        </option>
      ))}
    </select>
  </label>
);

const PlaybookChoice = ({ chosen, playbooks }: { chosen: string | undefined; playbooks: readonly PlaybookName[] }) => (
  <label>
    Playbook
    <select name="playbook">
      <option value="">All playbooks</option>
      {withChosen(playbooks, chosen).map(({ id, name }) => (
        <option value={id} selected={id === chosen}>
          {shownText(name, 60)}
        </option>
      ))}
    </select>
  </label>
);

function withChosen(playbooks: readonly PlaybookName[], chosen: string | undefined): readonly PlaybookName[] {
  const isKnown = chosen === undefined || playbooks.some(({ id }) => id === chosen);
  return isKnown ? playbooks : [...playbooks, { id: chosen, name: chosen }];
}
