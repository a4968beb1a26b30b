import { keepLive } from './live.ts';
import { listenToKeys } from './keys.ts';
import { keepCountdowns } from './countdown.ts';
import { keepTimes, rememberZone } from './times.ts';
import { enhanceForms } from './forms.ts';
import { offerTheme } from './theme.ts';

rememberZone();
keepTimes();
keepCountdowns();
enhanceForms();
offerTheme();
listenToKeys();
keepLive();
