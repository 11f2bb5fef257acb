// Block Kit, drawn much as Slack draws it: enough to judge a layout, not the pixels.
const blockKit = (() => {
  const make = (tag, cls, ...inside) => { const e = document.createElement(tag); if (cls) e.className = cls; e.append(...inside.filter(x => x !== null && x !== undefined)); return e; };
  const unescape = s => s.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const marks = [[/^`([^`\n]+)`/, 'code'], [/^\*([^\s*][^*\n]*)\*/, 'b'], [/^_([^\s_][^_\n]*)_/, 'i'], [/^~([^\s~][^~\n]*)~/, 's']];

  function mrkdwn(text) {
    const out = document.createDocumentFragment();
    let plain = '';
    const flush = () => { if (plain) out.append(unescape(plain)); plain = ''; };
    for (let i = 0; i < text.length;) {
      const rest = text.slice(i), link = /^<([^|>]+)(?:\|([^>]*))?>/.exec(rest);
      if (link) {
        flush();
        out.append(link[1].startsWith('!date') ? make('span', 'bk-date', unescape(link[2] ?? '')) : Object.assign(make('a', '', unescape(link[2] ?? link[1])), { href: '#', title: unescape(link[1]) }));
        i += link[0].length;
        continue;
      }
      // A mark counts at the border of a word only, and what is joined to a joiner is none
      const found = /[\w]/.test(text[i - 1] ?? ' ') ? null : marks.map(([shape, tag]) => [shape.exec(rest), tag]).find(([m]) => m && m[1][0] !== '\u2060' && !/\w/.test(rest[m[0].length] ?? ' '));
      if (found) {
        flush();
        out.append(make(found[1], '', found[1] === 'code' ? unescape(found[0][1]) : mrkdwn(found[0][1])));
        i += found[0][0].length;
      } else if (text[i] === '\n') { flush(); out.append(make('br')); i++; } else plain += text[i++];
    }
    flush();
    return out;
  }
  const words = t => !t ? '' : t.type === 'mrkdwn' ? mrkdwn(t.text) : t.text;

  function rich(e) {
    if (e.type === 'link') return make('a', '', e.text ?? e.url);
    let s = document.createTextNode(e.text ?? '');
    for (const [on, tag] of [[e.style?.code, 'code'], [e.style?.bold, 'b'], [e.style?.italic, 'i'], [e.style?.strike, 's']]) if (on) s = make(tag, '', s);
    return s;
  }
  const richText = b => make('div', 'bk-text', ...b.elements.map(e => make(e.type === 'rich_text_preformatted' ? 'pre' : 'div', '', ...e.elements.map(rich))));

  function element(e) {
    switch (e.type) {
      case 'button': {
        const b = make('button', `bk-button ${e.style ?? ''}`, e.text.text + (e.url ? ' ↗' : ''));
        b.title = [e.action_id, e.value, e.accessibility_label && 'read aloud: ' + e.accessibility_label].filter(Boolean).join('\n');
        if (e.confirm) b.append(make('span', 'bk-confirm', ' asks first'));
        return b;
      }
      case 'overflow': return make('details', 'bk-overflow', make('summary', 'bk-button', '⋯'), make('div', 'bk-menu', ...e.options.map(o => make('div', '', o.text.text))));
      case 'image': return make('div', 'bk-image small', '🖼 ' + e.alt_text);
      case 'radio_buttons': case 'checkboxes': {
        const on = new Set((e.initial_options ?? [e.initial_option]).filter(Boolean).map(o => o.value));
        return make('div', 'bk-boxes', ...e.options.map(o => make('div', '', make('span', `bk-box ${e.type === 'checkboxes' ? 'square' : ''} ${on.has(o.value) ? 'on' : ''}`), make('span', '', o.text.text, o.description ? make('small', '', o.description.text) : null))));
      }
      case 'plain_text_input': return make('div', `bk-input ${e.multiline ? 'tall' : ''} ${e.initial_value ? '' : 'empty'}`, e.initial_value ?? e.placeholder?.text ?? '');
      default: {
        const chosen = e.initial_option?.text.text ?? e.initial_options?.map(o => o.text.text).join(', ') ?? e.initial_value ?? e.initial_date ?? e.initial_time;
        const list = /select/.test(e.type), box = make('details', 'bk-select', make('summary', `bk-input ${chosen ? '' : 'empty'}`, chosen ?? e.placeholder?.text ?? '', list ? make('span', 'bk-arrow', '▾') : null));
        if (e.options) box.append(make('div', 'bk-menu', ...e.options.map(o => make('div', '', o.text.text, o.description ? make('small', '', o.description.text) : null))));
        return box;
      }
    }
  }

  function block(b) {
    switch (b.type) {
      case 'header': return make('h4', 'bk-header', b.text.text);
      case 'divider': return make('hr', 'bk-divider');
      case 'section': return make('div', 'bk-section', make('div', '', b.text ? make('div', 'bk-text', words(b.text)) : null, b.fields ? make('div', 'bk-fields', ...b.fields.map(f => make('div', 'bk-text', words(f)))) : null), b.accessory ? make('div', 'bk-accessory', element(b.accessory)) : null);
      case 'context': return make('div', 'bk-context', ...b.elements.map(e => e.type === 'image' ? element(e) : make('span', '', words(e))));
      case 'actions': return make('div', 'bk-actions', ...b.elements.map(element));
      case 'image': return make('div', 'bk-image', '🖼 ' + b.alt_text);
      case 'rich_text': return richText(b);
      case 'input': return make('div', 'bk-field', make('label', '', b.label.text, b.optional ? make('span', 'bk-optional', ' (optional)') : null), element(b.element), b.hint ? make('small', '', b.hint.text) : null);
      case 'table': return make('table', 'bk-table', ...b.rows.map(r => make('tr', '', ...r.map(c => make('td', '', c.type === 'raw_text' ? c.text : richText(c))))));
      default: return make('pre', '', JSON.stringify(b));
    }
  }

  const message = (blocks, name) => make('div', 'bk-message', make('div', 'bk-avatar', '▲'), make('div', 'bk-body', make('div', 'bk-who', make('b', '', name ?? 'MicroAppBot'), make('span', 'bk-app', 'APP'), make('small', '', '10:42')), ...blocks.map(block)));
  const modal = v => make('div', 'bk-modal', make('div', 'bk-modal-head', make('b', '', v.title.text), make('span', '', '✕')), make('div', 'bk-modal-body', ...v.blocks.map(block)),
    make('div', 'bk-modal-foot', make('button', 'bk-button', v.close.text), v.submit ? make('button', 'bk-button primary', v.submit.text) : null));
  return { message, modal };
})();
