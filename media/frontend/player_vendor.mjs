// What the player takes from others, made into one file by `manage.py build_frontend`. The first line must stay first.
import { canFrame } from './quiet_styles.mjs';
import 'media-chrome/lang/zh-CN';
import 'media-chrome';
import 'media-chrome/menu';
import { setLanguage } from 'media-chrome/utils/i18n.js';
import { Hls } from 'hls-video-element';

setLanguage('zh-CN');
window.SchoolMedia = { Hls, canFrame };
