// What the player takes from others, made into one file by `manage.py build_frontend`. The first line must stay first.
import { canFrame } from './quiet_styles.mjs';
import { ZhCn } from 'media-chrome/lang/zh-CN';
import 'media-chrome';
import 'media-chrome/menu';
import { addTranslation, setLanguage } from 'media-chrome/utils/i18n.js';
import { Hls } from 'hls-video-element';

// the words of the school where they differ from media-chrome's own
addTranslation('zh-CN', Object.assign({}, ZhCn, {
  'closed captions': '字幕',
  seek: '播放位置',
  'seek back {seekOffset} seconds': '后退 {seekOffset} 秒',
  'seek forward {seekOffset} seconds': '前进 {seekOffset} 秒',
  'Playback rate {playbackRate}': '播放速度：{playbackRate}x', // the name holds the letters on the button
  'Back to previous menu': '返回',
}));
setLanguage('zh-CN');
window.SchoolMedia = { Hls, canFrame };
