using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Client;

/// <summary>One line of a watch stream.</summary>
public sealed record WatchEvent(WatchEventType Type, KubeObject Subject);
