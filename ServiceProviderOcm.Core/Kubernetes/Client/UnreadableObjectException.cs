using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>An object is valid JSON, and yet not an object as API servers store them.</summary>
internal sealed class UnreadableObjectException(string message) : JsonException(message);
