using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>A text exceeds a limit of <see cref="YamlRules"/>. The message does not quote it.</summary>
internal sealed class YamlLimitException(Mark start, Mark end, string message) : YamlException(start, end, message);
