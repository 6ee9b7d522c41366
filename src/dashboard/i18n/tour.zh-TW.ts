import type { TourTexts } from './tour-texts.js';

/** 導覽的各章，步驟與 `tour/chapters.ts` 一一對應。 */
export const tour: TourTexts = {
  chapters: [
    {
      title: '什麼是 DaemonSet',
      intro:
        '有些程式每台機器都需要一份：收集日誌的、做監控的、負責網路的。DaemonSet 的意思就是「每個節點各跑一個這種 Pod」，並且一直維持下去。這裡有四個空節點，一個方框就是一個節點。',
      steps: [
        {
          title: '建立 DaemonSet',
          before: 'DaemonSet 只有 Pod 的範本，沒有數量：要有幾個，由節點決定。這一個叫做 agent。',
          after: '每個節點都有了 agent。沒有人說要「四個」：DaemonSet 控制器查看節點，替每一個各建了一個 Pod。',
        },
        {
          title: '拿走一個 Pod',
          before: '刪除 tour-2 上的 Pod，注意看那個方框。',
          after: '舊的 Pod 消失，新的補了上來。控制器不斷比對「想要的」和「現有的」，道理就這麼簡單。',
        },
        {
          title: '加一台機器',
          before: '第五個節點加入叢集，沒有人通知 DaemonSet。',
          after: '它已經有 agent 了。這就是為什麼用 DaemonSet，而不是副本數為四的 Deployment。',
        },
        {
          title: '移走那台機器',
          before: '刪除這個節點，上面的一切也跟著消失。',
          after: '它的 Pod 也沒了，也不會搬到別處：它本來就只屬於那個節點。',
        },
        {
          title: '刪除 DaemonSet',
          before: 'Pod 屬於 DaemonSet：中繼資料 (metadata) 裡記著誰是擁有者。',
          after: '擁有者消失，它擁有的也被回收。（若用 kubectl delete --cascade=orphan，Pod 會留下來。）',
        },
      ],
      end: 'DaemonSet 要的是每個節點各一個 Pod，它會不斷建立或移除 Pod，直到符合為止。',
    },
    {
      title: 'Pod 會到哪些節點',
      intro:
        '不是每個 agent 都該在每個節點上。節點的標籤說明自己是什麼，範本則說明想要哪種節點。這裡 tour-1 和 tour-2 有 disk=ssd，tour-3 有 disk=hdd，tour-4 沒有標示。',
      steps: [
        {
          title: '用標籤選節點',
          before: 'nodeSelector 列出節點必須具備的標籤，缺一不可。',
          after: '兩個節點有 disk=ssd，於是有兩個 Pod。其他節點並不需要，所以也不算缺少。',
        },
        {
          title: '替節點加標籤',
          before: '也給 tour-4 加上這個標籤。',
          after: '節點符合了，Pod 就來了。想逐台推出 agent，就可以這樣做。',
        },
        {
          title: '拿掉標籤',
          before: '原來 tour-1 的磁碟很慢，把它的標籤改掉。',
          after: 'Pod 被移除了：DaemonSet 控制器和排程器不同，Pod 放好之後仍會重新檢查節點。',
        },
        {
          title: '改用親和性',
          before:
            'nodeSelector 只懂「等於」。必要的節點親和性 (node affinity) 還能用 In、NotIn、Exists 等條件。這裡接受 ssd 或 hdd。',
          after: '現在四個節點都標示了磁碟，也都有了 Pod。範本改變，所以舊的 Pod 也換新了。',
        },
      ],
      end: '標籤說明節點是什麼，選擇器與親和性說明 Pod 屬於哪裡；任何一邊改變，DaemonSet 都會跟上。',
    },
    {
      title: '污點與容忍度',
      intro:
        '選擇器是 Pod 挑節點；污點 (taint) 是節點拒絕 Pod；容忍度 (toleration) 則讓 Pod 不在乎某個污點。這裡每個節點都有 agent。',
      steps: [
        {
          title: '加上污點：NoSchedule',
          before: 'tour-1 要留給需要 GPU 的工作。',
          after:
            'Pod 還在，但有了記號：現在不會再放新的上來，不過 NoSchedule 不趕走任何人。kubectl 把它算作 misscheduled。',
        },
        {
          title: '刪掉那個 Pod',
          before: '如果 tour-1 上的 Pod 因故消失，會怎麼樣？',
          after: '不會再有新的：它不容忍這個污點，這個節點不再需要 agent。',
        },
        {
          title: '加上污點：NoExecute',
          before: 'tour-2 要維修，所有 Pod 都得離開。',
          after: 'NoExecute 會趕走已經在上面的 Pod，所以它離開了。',
        },
        {
          title: '容忍污點',
          before: 'GPU 節點也要跑 agent，所以範本容忍鍵為 gpu 的污點。',
          after: 'tour-1 又有 agent 了。tour-2 還是沒有：它的污點是另一個鍵。',
        },
        {
          title: '停止排程 (cordon)',
          before:
            '停止排程其實也是污點：node.kubernetes.io/unschedulable。把 tour-3 停止排程並刪除它的 agent，會再來一個嗎？',
          after: '會。Daemon Pod 自動帶有一些容忍度：停止排程、記憶體與磁碟壓力、節點未就緒。這種時候正最需要它們。',
        },
      ],
      end: 'NoSchedule 擋住新的 Pod，NoExecute 還會趕走舊的；容忍度是例外，其中有些是每個 Daemon Pod 天生就有的。',
    },
    {
      title: '兩個時代的排程',
      intro:
        'Kubernetes 1.11 以前，DaemonSet 控制器自己把 Pod 放到節點上；1.12 起改由排程器負責，和其他 Pod 一樣。下面兩個叢集各屬一個時代，每個步驟都同時在兩邊進行。tour-3 幾乎被一個不太重要的 Pod「batch」占滿。',
      steps: [
        {
          title: '節點滿了',
          before: 'agent 要求一個核心，優先權比 batch 高。看看兩個時代的 tour-3。',
          after:
            '1.11 裡缺少這個 Pod：控制器看到沒有空間，就不建立，不管優先權高低。現在則是先建立 Pod、讓它等待，再由排程器請 batch 讓位。',
        },
        {
          title: '是什麼把 Pod 綁到節點',
          before: '兩邊的 tour-1 都有 agent，看看它們的 spec。',
          after:
            '1.11 一開始就寫好 nodeName，排程器根本沒看到它。現在則是用節點名稱的親和性指定節點，再由預設排程器綁定。',
        },
        {
          title: '騰出空間',
          before: '在舊時代的叢集裡，手動刪除 batch。',
          after: '1.11 的控制器看到有空間了，於是建立 Pod。現在兩邊看起來一樣。',
        },
        {
          title: '用 surge 更新',
          before: '換新映像檔，maxSurge 為 1、maxUnavailable 為 0：新的先來，舊的再走。',
          after: '現在的叢集裡，一個節點上會短暫有兩個 agent。舊時代不懂 surge：舊的先走，一次一個節點。',
        },
        {
          title: '連接埠被占用',
          before: '名為 web、和 agent 一樣重要的 Pod 占了 tour-4 的 9000 埠，而 agent 在每個節點都要用這個埠。',
          after:
            '1.11 裡，這個節點根本不被需要，原本的 agent 也被趕走。現在則仍然需要：Pod 建立後等待連接埠，你看得到它在等。',
        },
      ],
      end: '排程器帶來優先權、搶占，以及所有 Pod 共用的一套規則。舊時代默默決定的事，現在是一個等待中、有原因可查的 Pod。',
    },
    {
      title: '空間不夠時',
      intro: 'Pod 會請求 CPU 和記憶體，而節點就只有那麼多。這裡每個節點有四個核心；tour-2 上的 batch 請求了三個半。',
      steps: [
        {
          title: '每個節點要一個核心',
          before: 'agent 請求一個核心，而 tour-2 只剩半個。',
          after: '三個在執行。tour-2 上的在等待中：它只屬於那個節點，所以只能等。點一下它，看看是誰說的。',
        },
        {
          title: '變得更重要',
          before: '範本加上 PriorityClass，比沒有優先權的 batch 高。',
          after: '排程器請 batch 離開，這就是搶占 (preemption)。節點不可或缺的 agent 應該有優先權。',
        },
        {
          title: '要得太多',
          before: '在四核心的節點上要求五個核心，優先權再高也沒用。',
          after:
            '一個 Pod 被替換後只能等待，更新就停在這裡：maxUnavailable 是 1，另外三個保留舊的 Pod。一個錯誤只影響一個節點。',
        },
        {
          title: '回到先前',
          before: '範本的每個版本都保存為 ControllerRevision，undo 會取上一版。',
          after: '跑不起來的那個最先被替換，所有節點又都有 agent 了。',
        },
      ],
      end: '沒有空間的 Daemon Pod 會在自己的節點等待。優先權可以騰出空間，maxUnavailable 讓錯誤的影響有限。',
    },
    {
      title: '節點的來去與故障',
      intro: '機器會新增、清空、故障、汰換。這段期間 Daemon Pod 會怎麼樣？',
      steps: [
        {
          title: '節點加入',
          before: '新機器自行註冊。就緒之前它帶有一個污點，而 Daemon Pod 容忍它。',
          after: 'agent 是最早到的 Pod 之一。這是必要的：連網路本身也常以 DaemonSet 提供。',
        },
        {
          title: '清空節點 (drain)',
          before: '維護機器前要先清空：停止排程，並驅逐上面的 Pod。',
          after: 'agent 還在。清空時會略過 Daemon Pod，因為控制器馬上又會建立。',
        },
        {
          title: '節點故障',
          before: 'tour-2 的 kubelet 停止，就像被拔掉電源。這段時間時鐘走得比較快。',
          after:
            '四十秒沒有動靜，節點就變成未就緒，並加上 NoExecute 污點。其他 Pod 五分鐘後離開；Daemon Pod 永遠容忍這個污點，等節點回來。（記號表示現在不會再放新的上去。）',
        },
        {
          title: '節點恢復',
          before: '重新打開機器。',
          after: '污點消失，Pod 就緒，沒有人需要重建它。',
        },
        {
          title: '節點永遠離開',
          before: '把 tour-5 從叢集刪除。',
          after: '它的 Pod 被清理，DaemonSet 需要的也少了一個。',
        },
      ],
      end: 'Daemon Pod 最早來、最晚走：它們容忍會趕走其他 Pod 的狀況，與節點共存亡。',
    },
    {
      title: '更新與回復',
      intro: '新範本會產生新版本 (revision)，更新策略決定它如何到達各節點。舊範本的 Pod 顏色較淡，角落有深色記號。',
      steps: [
        {
          title: '滾動更新',
          before: '換新映像檔。maxUnavailable 是 1，也就是預設值。',
          after: '一個節點接著一個：舊的先走，新的就緒後才輪到下一個節點。',
        },
        {
          title: '一次兩個',
          before: 'maxUnavailable 為 2 比較快，但同時會有兩個節點沒有 agent。',
          after: '快了一倍。也可以用百分比：5,000 個節點的 10% 就是 500 個。',
        },
        {
          title: '不留空檔',
          before: 'maxSurge 為 1：新的先來，和舊的並存。適合節點一刻都不能少的 agent。',
          after: '節點上短暫有兩個 Pod。這和主機連接埠不能並用：兩個會搶同一個埠。',
        },
        {
          title: 'OnDelete：由你決定',
          before: '使用 OnDelete 時，範本改了也不會發生任何事，直到有人刪除 Pod。',
          after: '四個都是舊範本，並且維持不變。什麼都沒發生：由你決定何時更新。',
        },
        {
          title: '更新一個節點',
          before: '刪除 tour-1 上的 Pod。',
          after: '新的 Pod 用最新的範本。可以這樣先在單一節點試用新版本。',
        },
        {
          title: '起不來的版本',
          before: '再改回 RollingUpdate，換一個不存在的映像檔。',
          after: '第一個 Pod 起不來，更新停住，其他節點保留能用的版本。kubectl rollout status 此時會一直等。',
        },
        {
          title: '回復',
          before: 'undo 會取回上一版的範本。',
          after: '一切恢復正常。回復也是一次推出：舊範本得到新的、最大的版本編號。',
        },
      ],
      end: '版本保存每一份範本；策略決定多快、留多少空檔、是否自動。',
    },
    {
      title: '與 daemon 通訊的方式',
      intro:
        '每個節點上的 agent 都是為了被使用。方式有四種，這裡全部用真正的請求試一遍。每個 agent 在連接埠 80 回應，也在所在節點的 9100 回應；tour-4 上有一個 sink，會記住收到的東西。',
      steps: [
        {
          title: '推送',
          before:
            'agent 知道資料該送到哪裡，主動送出：這裡是送到 sink。沒有人需要找到 agent；適合集中到一處的資料，例如日誌與指標。',
          after: '推送來自 agent 自己的位址，sink 也收到了：看看它的回應。用這種方式，agent 完全不需要有客戶端。',
        },
        {
          title: '節點位址與已知的連接埠',
          before:
            'hostPort 9100 在每個節點上都一樣，知道節點就能連到它的 agent。適合抓取指標的程式，或要詢問特定節點上 agent 的程式。',
          after:
            '回應的是 tour-2 的 agent，也只能是它：節點的連接埠只通往該節點上的 Pod。同一個節點容不下兩個這樣的 Pod。',
        },
        {
          title: 'DNS 名稱',
          before:
            'Service agents 是 headless（clusterIP: None）：它的名稱代表所有就緒 agent 的位址，適合要找到每一個的人。由 tour-1 上的 agent 詢問十二次。',
          after: '短名稱透過 Pod 所在命名空間的搜尋路徑找到，得到四個位址，每次排在最前面的都不同。',
        },
        {
          title: '透過 Service',
          before:
            'Service agent 只有一個位址，每個連線都隨機轉給一個 agent，適合不在意由誰回應的情況。送出四十個請求：',
          after: '每個 agent 都分到一些，是隨機而不是輪流。你無法決定由誰回應，所以對 daemon 來說通常不是你要的。',
        },
        {
          title: '透過 Service，但只在本節點',
          before:
            'internalTrafficPolicy: Local 讓它只轉給請求來源節點上的 agent。daemon 正適合如此：發問者身邊總有一個。由 tour-3 上的 agent 詢問。',
          after: '只有 tour-3 的 agent 回應。如果節點上沒有就緒的 agent，請求會被拒絕。',
        },
      ],
      end: '資料集中到一處用推送；要特定節點用節點的連接埠；要全部用 DNS；任何一個都行用 Service，加上 Local 則是最近的那個。導覽到此結束，現在到你自己的叢集試試看。',
    },
  ],
};
