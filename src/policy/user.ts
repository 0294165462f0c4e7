/**
 * Returns a user as text, by which users are compared: 42 and '42' are the same one. Undefined and null mean that there is
 * no user, and so does an empty text.
 */
export function textOf(user: unknown): string | undefined {
  return user === undefined || user === null || user === '' ? undefined : String(user)
}
