// The shortcodes that work apps use, by Slack's names. What is not here is shown as :name:.

const TABLE = `
+1 👍|-1 👎|thumbsup 👍|thumbsdown 👎|ok_hand 👌|clap 👏|pray 🙏|wave 👋|muscle 💪|raised_hands 🙌|raising_hand 🙋
point_right 👉|point_left 👈|point_up ☝️|point_down 👇|point_up_2 👆|handshake 🤝|writing_hand ✍️|v ✌️
crossed_fingers 🤞|hand ✋|smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|blush 😊|joy 😂|sweat_smile 😅|wink 😉
heart_eyes 😍|thinking_face 🤔|sob 😭|cry 😢|disappointed 😞|worried 😟|confused 😕|neutral_face 😐|astonished 😲
scream 😱|sunglasses 😎|partying_face 🥳|exploding_head 🤯|melting_face 🫠|saluting_face 🫡|face_with_monocle 🧐
sleeping 😴|rage 😡|hugging_face 🤗|nerd_face 🤓|heart ❤️|green_heart 💚|yellow_heart 💛|blue_heart 💙
sparkling_heart 💖|100 💯|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|sparkles ✨|star ⭐|star2 🌟|zap ⚡|fire 🔥|boom 💥
rocket 🚀|trophy 🏆|medal 🏅|first_place_medal 🥇|dart 🎯|crown 👑|white_check_mark ✅|heavy_check_mark ✔️
ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|heavy_plus_sign ➕|heavy_minus_sign ➖|question ❓
grey_question ❔|exclamation ❗|bangbang ‼️|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|construction 🚧
rotating_light 🚨|information_source ℹ️|sos 🆘|new 🆕|free 🆓|ok 🆗|up 🆙|cool 🆒|red_circle 🔴|large_blue_circle 🔵
large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|large_purple_circle 🟣|white_circle ⚪
black_circle ⚫|large_green_square 🟩|large_yellow_square 🟨|large_red_square 🟥|white_large_square ⬜
black_large_square ⬛|small_blue_diamond 🔹|small_orange_diamond 🔸|radio_button 🔘|white_small_square ▫️
black_small_square ▪️|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_forward ▶️|arrow_backward ◀️
fast_forward ⏩|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrows_counterclockwise 🔄|repeat 🔁|back 🔙|end 🔚
soon 🔜|top 🔝|black_square_for_stop ⏹️|double_vertical_bar ⏸️|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣
seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|hash #️⃣|calendar 📆|date 📅|spiral_calendar_pad 🗓️|clock1 🕐
clock3 🕒|clock9 🕘|alarm_clock ⏰|stopwatch ⏱️|hourglass ⌛|hourglass_flowing_sand ⏳|timer_clock ⏲️|watch ⌚|bell 🔔
no_bell 🔕|mega 📣|loudspeaker 📢|mute 🔇|sunrise 🌅|crescent_moon 🌙|email 📧|envelope ✉️|incoming_envelope 📨
envelope_with_arrow 📩|mailbox 📫|mailbox_with_mail 📬|inbox_tray 📥|outbox_tray 📤|phone ☎️|telephone_receiver 📞
iphone 📱|fax 📠|pager 📟|speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|memo 📝|pencil 📝|pencil2 ✏️
page_facing_up 📄|page_with_curl 📃|bookmark_tabs 📑|clipboard 📋|pushpin 📌|round_pushpin 📍|paperclip 📎
file_folder 📁|open_file_folder 📂|card_index 📇|card_index_dividers 🗂️|scroll 📜|books 📚|book 📖|bookmark 🔖|label 🏷️
newspaper 📰|receipt 🧾|ledger 📒|notebook 📓|lower_left_fountain_pen 🖋️|straight_ruler 📏|scissors ✂️|link 🔗
moneybag 💰|money_with_wings 💸|dollar 💵|yen 💴|euro 💶|coin 🪙|credit_card 💳|bank 🏦|chart 💹
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|office 🏢|department_store 🏬
convenience_store 🏪|house 🏠|factory 🏭|shopping_trolley 🛒|shopping_bags 🛍️|package 📦|truck 🚚|airplane ✈️|car 🚗
bus 🚌|bike 🚲|computer 💻|desktop_computer 🖥️|keyboard ⌨️|printer 🖨️|floppy_disk 💾|cd 💿|electric_plug 🔌|battery 🔋
bulb 💡|flashlight 🔦|mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|shield 🛡️|gear ⚙️|wrench 🔧
hammer 🔨|hammer_and_wrench 🛠️|toolbox 🧰|bug 🐛|robot_face 🤖|ghost 👻|eyes 👀|eye 👁️|brain 🧠|bust_in_silhouette 👤
busts_in_silhouette 👥|technologist 🧑‍💻|man 👨|woman 👩|construction_worker 👷|detective 🕵️|runner 🏃|walking 🚶
sunny ☀️|cloud ☁️|umbrella ☔|rainbow 🌈|snowflake ❄️|ocean 🌊|earth_asia 🌏|globe_with_meridians 🌐|seedling 🌱
evergreen_tree 🌲|herb 🌿|four_leaf_clover 🍀|cherry_blossom 🌸|rose 🌹|sunflower 🌻|apple 🍎|coffee ☕|tea 🍵|rice 🍚
pizza 🍕|beer 🍺|beers 🍻|cake 🍰|birthday 🎂|popcorn 🍿|dog 🐶|cat 🐱|tiger 🐯|turtle 🐢|snail 🐌|whale 🐳|bird 🐦|chicken 🐔
compass 🧭|world_map 🗺️|motorway 🛣️|triangular_flag_on_post 🚩|checkered_flag 🏁|white_flag 🏳️|kr 🇰🇷|us 🇺🇸|jp 🇯🇵
cn 🇨🇳|gb 🇬🇧|seal 🦭|ticket 🎫|admission_tickets 🎟️|performing_arts 🎭|art 🎨|musical_note 🎵|microphone 🎤
movie_camera 🎥|camera 📷|video_game 🎮|jigsaw 🧩|crystal_ball 🔮|test_tube 🧪|magnet 🧲|scales ⚖️
anchor ⚓|fuelpump ⛽|vertical_traffic_light 🚦|recycle ♻️|infinity ♾️|copyright ©️|tm ™️|no_mobile_phones 📵
underage 🔞|passport_control 🛂|id 🆔|m Ⓜ️|parking 🅿️|tongue 👅|zzz 💤|dizzy 💫|sweat_drops 💦|dash 💨
`;

export const EMOJI = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((entry) => {
      const space = entry.indexOf(" ");
      return [entry.slice(0, space), entry.slice(space + 1)];
    }),
);

/** The character for a shortcode (a skin tone in it is dropped), or null when the name is not known. */
export function emojiFor(name) {
  return EMOJI.get(name.split("::")[0]) ?? null;
}

export const FREQUENT = [
  "+1",
  "white_check_mark",
  "eyes",
  "pray",
  "tada",
  "heart",
  "smile",
  "thinking_face",
  "raised_hands",
];
