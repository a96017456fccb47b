// Who signs in for the first time gets the browser's time zone; the server looks for this cookie.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if (timeZone) document.cookie = `time_zone=${timeZone}; path=/; max-age=86400; samesite=lax`;
