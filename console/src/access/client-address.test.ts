import { describe, expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

const direct = { socketAddress: '192.0.2.1', forwardedFor: undefined, appHostingClient: undefined, behindProxy: false };
const proxied = { ...direct, socketAddress: '169.254.1.1', behindProxy: true };

describe('the address that requests are counted for', () => {
  test('is that of the connection', () => {
    expect(clientAddress(direct)).toBe('192.0.2.1');
  });

  test('is not what a client writes into headers, where no proxy stands before us', () => {
    expect(clientAddress({ ...direct, forwardedFor: '198.51.100.7', appHostingClient: '198.51.100.8' })).toBe(
      '192.0.2.1',
    );
  });

  test('is what App Hosting names', () => {
    const forwardedFor = '203.0.113.1, 198.51.100.7, 35.191.0.1';
    expect(clientAddress({ ...proxied, forwardedFor, appHostingClient: '198.51.100.9' })).toBe('198.51.100.9');
  });

  test('is the one before the last proxy, whatever the client wrote before', () => {
    expect(clientAddress({ ...proxied, forwardedFor: '203.0.113.1, 198.51.100.7, 35.191.0.1' })).toBe('198.51.100.7');
  });

  test('is the only one there is', () => {
    expect(clientAddress({ ...proxied, forwardedFor: '198.51.100.7' })).toBe('198.51.100.7');
  });

  test('of a connection over IPv6 is its whole network', () => {
    const one = clientAddress({ ...direct, socketAddress: '2001:db8:1:2:3:4:5:6' });
    expect(one).toBe('2001:db8:1:2::/64');
    expect(clientAddress({ ...direct, socketAddress: '2001:db8:1:2:ffff::1' })).toBe(one);
  });

  test('of IPv4 within IPv6 is that of IPv4', () => {
    expect(clientAddress({ ...direct, socketAddress: '::ffff:192.0.2.1' })).toBe('192.0.2.1');
  });

  test.each([undefined, '', 'evil', '1.2.3', "'; drop"])('is one for all whose address is %s', (socketAddress) => {
    expect(clientAddress({ ...direct, socketAddress })).toBe('unknown');
  });
});
