// Keeps the part of a screen that is marked live as it is now, and nothing while nobody sees it.
(() => {
  'use strict';

  const LEAST = 1000; // milliseconds between two looks
  let source = null;
  let last = 0;
  let waiting = null;

  const live = () => document.querySelector('[data-live]');

  // A new look would take a form or an open decision away from under a person's hands.
  const inUse = (part) => part.contains(document.activeElement?.closest('form, details'))
    || part.querySelector('details[open] form') !== null;

  const look = () => {
    waiting = null;
    last = Date.now();
    const part = live();
    if (!part) {
      hush();
    } else if (!inUse(part)) {
      htmx.trigger(part, 'look');
    }
  };

  const lookSoon = () => {
    waiting ??= setTimeout(look, Math.max(0, last + LEAST - Date.now()));
  };

  const listen = () => {
    if (!source && live()) {
      source = new EventSource('/page/stream');
      source.addEventListener('job', lookSoon);
      source.addEventListener('forgotten', lookSoon);
      source.addEventListener('beat', lookSoon);
      lookSoon();
    }
  };

  const hush = () => {
    source?.close();
    source = null;
    clearTimeout(waiting);
    waiting = null;
  };

  // Seconds that are left, or have passed.
  const text = (seconds) => seconds < 120 ? `${seconds} s`
    : seconds < 7200 ? `${Math.floor(seconds / 60)} min`
      : seconds < 172800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;

  const count = () => {
    if (document.hidden) {
      return;
    }
    for (const part of document.querySelectorAll('[data-until]')) {
      const left = Math.round((Date.parse(part.dataset.until) - Date.now()) / 1000);
      part.textContent = left > 0 ? text(left) : part.dataset.over;
    }
    for (const part of document.querySelectorAll('[data-since]')) {
      part.textContent = text(Math.max(0, Math.round((Date.now() - Date.parse(part.dataset.since)) / 1000)));
    }
  };

  const copy = async (button) => {
    const from = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(from.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(from);
      button.textContent = 'Selected';
    }
  };

  document.addEventListener('visibilitychange', () => document.hidden ? hush() : listen());
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-copy]');
    if (button) {
      copy(button);
    }
  });
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-all]')) {
      document.querySelectorAll(event.target.dataset.all).forEach((box) => {
        box.checked = event.target.checked;
      });
    }
  });
  document.addEventListener('htmx:beforeSwap', (event) => {
    event.detail.shouldSwap &&= !inUse(event.detail.target);
  });
  document.addEventListener('htmx:afterSwap', count);
  document.addEventListener('htmx:responseError', (event) => {
    if (event.detail.xhr.status === 401) {
      location.reload();
    }
  });
  setInterval(count, 1000);
  count();
  if (!document.hidden) {
    listen();
  }
})();
