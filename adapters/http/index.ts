import { definePlatform } from '../platform.ts';
import { name } from './name.ts';
import { receiveByHttp } from './receive.ts';
import { createHttpSender } from './send.ts';
import { env } from './settings.ts';

export const http = definePlatform({
  name,
  isOff: ({ SERVER_PORT = '' }) => SERVER_PORT.toLowerCase() === 'off',
  env,
  receive: receiveByHttp,
  sender: (_settings, { desk, clock }) => createHttpSender(desk.feed, clock),
});
