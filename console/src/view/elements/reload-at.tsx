/** Not shown: when this instant comes, the browser loads the page anew, because time alone has then changed it. */
export const ReloadAt = ({ at }: { at: Date | undefined }) =>
  at === undefined ? null : <time hidden datetime={at.toISOString()} data-countdown="" />;
